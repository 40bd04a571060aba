// Requests to our own server: repeated until answered, always the same, so that nothing is sent twice.
import { proofHeader } from "./proof-of-work.js";

const TIMEOUT_MS = 30_000;
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];
const PROOFS_AT_MOST = 4;

/** The server said no, or can't be reached (`status` 0). `errors` is [{field, code, detail}]. */
export class Refused extends Error {
  constructor(status, { detail = "", errors = [] } = {}) {
    super(detail || `status ${status}`);
    this.status = status;
    this.detail = detail;
    this.errors = errors;
  }
}

/** 24 random bytes, base64url: names one request, so that a repeated one is known as such. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function isOffline() {
  return globalThis.navigator?.onLine === false;
}

/** Until the device says that it is online. Some never say so, hence the second look. */
async function untilOnline() {
  while (isOffline()) {
    await Promise.race([new Promise((resolve) => addEventListener("online", resolve, { once: true })), pause(2000)]);
  }
}

async function ask(path, text, headers) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
  try {
    return await fetched(path, text, headers, limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function fetched(path, text, headers, signal) {
  const answer = await fetch(path, {
    method: "POST",
    body: text,
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    signal,
  });
  const told = await answer.json().catch(() => ({}));
  return { status: answer.status, told, retryAfter: Number(answer.headers.get("Retry-After")) || 0 };
}

function solveInWorker(challenge) {
  const worker = new Worker(new URL("./proof-worker.js", import.meta.url), { type: "module" });
  const solution = new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => resolve(data.solution ?? null));
    worker.addEventListener("error", () => resolve(null));
  });
  worker.postMessage(challenge);
  return { solution, stop: () => worker.terminate() };
}

/** A slow device waits instead: the server takes an unsolved challenge once the time it named is over. */
async function proofFor(challenge, waitSeconds) {
  const { solution, stop } = solveInWorker(challenge);
  const waited = pause(waitSeconds * 1000 + 500);
  const found = await Promise.race([solution, waited.then(() => null)]);
  if (!found) await waited;
  stop();
  return proofHeader(challenge, found);
}

/** Gets ready for the next try, or throws Refused when there is none. `left` counts down what may still be tried. */
async function prepareNextTry({ status, told, retryAfter }, headers, left, onState) {
  if (status === 428 && left.proofs > 0) {
    left.proofs -= 1;
    onState("proof");
    headers["X-Proof-Of-Work"] = await proofFor(told.challenge, retryAfter);
    return;
  }
  const isPassing = status === 0 || status === 429 || status >= 500;
  if (!isPassing || left.pauses.length === 0) throw new Refused(status, told);
  onState("again");
  await pause(Math.max(left.pauses.shift(), retryAfter * 1000));
}

/**
 * POST `body` and return the answer. `onState` hears "sending", "proof", "offline" and "again".
 * With a `key`, every repetition carries it and the same text. Throws Refused.
 */
export async function post(path, body, { key = null, onState = () => {} } = {}) {
  const text = JSON.stringify(body);
  const headers = key ? { "Idempotency-Key": key } : {};
  const left = { proofs: PROOFS_AT_MOST, pauses: [...PAUSES_MS] };
  for (;;) {
    if (isOffline()) {
      onState("offline");
      await untilOnline();
    }
    onState("sending");
    const answer = await ask(path, text, headers).catch(() => ({ status: 0, told: {}, retryAfter: 0 }));
    if (answer.status >= 200 && answer.status < 300) return answer.told;
    await prepareNextTry(answer, headers, left, onState);
  }
}

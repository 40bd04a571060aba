// The worker that touches pixels. It is started as a module worker and talks in messages only.
//
// To it:   { type: "variants", variants }   once, first: the list of variants.json
//          { type: "add", id, file }        a File or Blob; one after the other is worked on
//          { type: "cancel", id }           forgets a waiting file, stops the one being worked on
// From it: { type: "progress", id, progress, kind }             progress from 0 to 1
//          { type: "done", id, kind, fingerprints, problem }    problem: null, or why there are exact hashes only
//          { type: "problem", id, problem }                     there are no fingerprints
//          { type: "cancelled", id }
// Each fingerprint is { algorithm, value, quality, variant } as the server takes it. The problems are listed in
// fingerprint.js; "failed" stands for what nobody foresaw.

import { fingerprintFile, NoFingerprints } from "./fingerprint.js";
import { Forms } from "./variants.js";

// How long the worker may go without hearing a "cancel".
const DEAF_MS = 40;

class Cancelled extends Error {}

const waiting = [];
let forms = new Forms([]);
let current = null;
let lastHeard = 0;

function heard() {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

async function step(job, progress, kind) {
  const now = performance.now();
  if (now - lastHeard < DEAF_MS) return;
  postMessage({ type: "progress", id: job.id, progress, kind });
  await heard();
  lastHeard = performance.now();
  if (job.cancelled) throw new Cancelled();
}

async function outcomeOf(job) {
  const { id } = job;
  try {
    const found = await fingerprintFile(job.file, forms, (progress, kind) => step(job, progress, kind));
    return job.cancelled ? { type: "cancelled", id } : { type: "done", id, ...found };
  } catch (error) {
    if (error instanceof Cancelled) return { type: "cancelled", id };
    return { type: "problem", id, problem: error instanceof NoFingerprints ? error.problem : "failed" };
  }
}

async function workOn() {
  if (current) return;
  while (waiting.length > 0) {
    current = waiting.shift();
    postMessage(await outcomeOf(current));
    current = null;
  }
}

function cancel(id) {
  if (current?.id === id) {
    current.cancelled = true;
    return;
  }
  const at = waiting.findIndex((job) => job.id === id);
  if (at < 0) return;
  waiting.splice(at, 1);
  postMessage({ type: "cancelled", id });
}

addEventListener("message", ({ data }) => {
  if (data.type === "variants") forms = new Forms(data.variants);
  if (data.type === "cancel") cancel(data.id);
  if (data.type === "add") {
    waiting.push({ id: data.id, file: data.file, cancelled: false });
    workOn();
  }
});

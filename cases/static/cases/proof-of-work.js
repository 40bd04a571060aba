// Proof of work in altcha's second format: find a counter whose derived key begins as asked.

const ALGORITHMS = { "PBKDF2/SHA-256": "SHA-256", "PBKDF2/SHA-384": "SHA-384", "PBKDF2/SHA-512": "SHA-512" };

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hexOf(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function passwordOf(nonce, counter) {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  return password;
}

async function derive({ nonce, salt, cost, keyLength, hash }, counter) {
  const key = await crypto.subtle.importKey("raw", passwordOf(nonce, counter), "PBKDF2", false, ["deriveBits"]);
  return hexOf(await crypto.subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations: cost }, key, keyLength * 8));
}

/** The solution of a challenge. Whoever wants to stop the search ends the worker that it runs in. */
export async function solve(challenge) {
  const { algorithm, nonce, salt, cost, keyLength = 32, keyPrefix = "00" } = challenge.parameters;
  const hash = ALGORITHMS[algorithm];
  if (!hash) throw new RangeError(`unknown algorithm ${algorithm}`);
  const task = { nonce: bytesOf(nonce), salt: bytesOf(salt), cost, keyLength, hash };
  for (let counter = 0; counter <= 0xffffffff; counter += 1) {
    const derivedKey = await derive(task, counter);
    if (derivedKey.startsWith(keyPrefix.toLowerCase())) return { counter, derivedKey };
  }
  throw new RangeError("no counter fits");
}

/** What the header X-Proof-Of-Work holds; without a solution it says that she waited. */
export function proofHeader(challenge, solution) {
  return btoa(JSON.stringify(solution ? { challenge, solution } : { challenge }));
}

// Solves one challenge off the main thread, so that the page stays alive meanwhile.
import { solve } from "./proof-of-work.js";

self.addEventListener("message", async ({ data: challenge }) => {
  try {
    self.postMessage({ solution: await solve(challenge) });
  } catch (error) {
    self.postMessage({ failure: String(error) });
  }
});

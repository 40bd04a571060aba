// The frame that touches pixels: it holds the file input and the list of files, and starts the worker.
//
// File names and files stay here. To its parent it posts, to its own origin only:
//   { type: "ready" } and { type: "height", px }
//   { type: "file", id, status, progress, kind, problem, fingerprints }
//       status: "queued" | "working" | "done" | "problem"; fingerprints only when done; problem: null or a code
//   { type: "removed", id }
// and it takes { type: "cancel" | "remove" | "retry", id }.

import { Files } from "./files.js";
import { Rows } from "./rows.js";

const { worker: workerAddress, limit } = document.body.dataset;
const input = document.getElementById("files");
const dropzone = document.getElementById("dropzone");
const rows = new Rows(document, { cancel, remove, retry });
const files = new Files(Number(limit), changed);
let worker = startedWorker();

function startedWorker() {
  const started = new Worker(workerAddress, { type: "module" });
  const { variants } = JSON.parse(document.getElementById("variants").textContent);
  started.postMessage({ type: "variants", variants });
  started.addEventListener("message", ({ data }) => files.hear(data));
  started.addEventListener("error", () => files.failUnfinished());
  return started;
}

function tellParent(message) {
  if (parent !== window) parent.postMessage(message, location.origin);
}

function changed(file) {
  rows.show(file);
  rows.summarise(files.counts());
  const { id, status, progress, kind, problem, fingerprints } = file;
  const message = { type: "file", id, status, progress, kind, problem };
  tellParent(status === "done" ? { ...message, fingerprints } : message);
}

function take(chosen) {
  const { added, refused } = files.add([...chosen]);
  for (const { id, file } of added) worker.postMessage({ type: "add", id, file });
  rows.warnOfLimit(refused > 0);
}

function cancel(id) {
  if (files.isUnfinished(id)) worker.postMessage({ type: "cancel", id });
}

function remove(id) {
  if (!files.has(id)) return;
  cancel(id);
  files.remove(id);
  rows.remove(id, input);
  rows.warnOfLimit(false);
  rows.summarise(files.counts());
  tellParent({ type: "removed", id });
}

function retry(id) {
  const file = files.retried(id);
  if (!file) return;
  if (files.workerFailed) {
    worker.terminate();
    worker = startedWorker();
    files.workerFailed = false;
  }
  worker.postMessage({ type: "add", id, file: file.file });
}

function letFilesDrop() {
  dropzone.addEventListener("dragover", (event) => event.preventDefault());
  dropzone.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}

input.addEventListener("change", () => {
  take(input.files);
  // Otherwise choosing the same file again, after it was removed, is no change.
  input.value = "";
});
letFilesDrop();
addEventListener("message", ({ data, origin, source }) => {
  if (origin !== location.origin || source !== parent) return;
  ({ cancel, remove, retry })[data.type]?.(data.id);
});
new ResizeObserver(() => {
  tellParent({ type: "height", px: document.documentElement.offsetHeight });
}).observe(document.documentElement);
tellParent({ type: "ready" });

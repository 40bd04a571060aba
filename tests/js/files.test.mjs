import assert from "node:assert/strict";
import { test } from "node:test";

import { Files } from "../../hashes/static/hashes/files.js";

const PHOTO = { name: "photo" };
const found = (value) => ({ kind: "image", problem: null, fingerprints: [{ algorithm: "sha256", value }] });

function started(limit = 10) {
  const told = [];
  const files = new Files(limit, ({ id, status, problem }) => told.push([id, status, problem]));
  return { files, told };
}

test("a file goes from waiting over working to ready", () => {
  const { files, told } = started();
  files.add([PHOTO]);
  files.hear({ type: "progress", id: "file-1", progress: 0.5, kind: "image" });
  files.hear({ type: "done", id: "file-1", ...found("aa") });
  assert.deepEqual(told.map(([, status]) => status), ["queued", "working", "done"]);
  assert.deepEqual(files.counts(), { total: 1, ready: 1 });
});

test("more files than a report takes are refused and counted", () => {
  const { files } = started(2);
  assert.equal(files.add([PHOTO, PHOTO, PHOTO]).refused, 1);
  assert.equal(files.add([PHOTO]).refused, 1);
  files.remove("file-1");
  assert.equal(files.add([PHOTO]).refused, 0);
});

test("the same bytes twice count once, and again after the first was removed", () => {
  const { files, told } = started();
  files.add([PHOTO, PHOTO]);
  files.hear({ type: "done", id: "file-1", ...found("aa") });
  files.hear({ type: "done", id: "file-2", ...found("aa") });
  assert.deepEqual(told.at(-1), ["file-2", "problem", "duplicate"]);
  files.remove("file-1");
  files.retried("file-2");
  files.hear({ type: "done", id: "file-2", ...found("aa") });
  assert.deepEqual(told.at(-1), ["file-2", "done", null]);
});

test("a result for a file that is gone is dropped", () => {
  const { files, told } = started();
  files.add([PHOTO]);
  files.remove("file-1");
  files.hear({ type: "done", id: "file-1", ...found("aa") });
  assert.deepEqual(told, [["file-1", "queued", null]]);
});

test("only what failed can be tried again", () => {
  const { files } = started();
  files.add([PHOTO]);
  assert.equal(files.retried("file-1"), null);
  files.hear({ type: "problem", id: "file-1", problem: "unreadable" });
  assert.equal(files.retried("file-1").status, "queued");
  assert.equal(files.retried("file-9"), null);
});

test("a worker that breaks fails what is unfinished and nothing else", () => {
  const { files, told } = started();
  files.add([PHOTO, PHOTO]);
  files.hear({ type: "done", id: "file-1", ...found("aa") });
  files.failUnfinished();
  assert.deepEqual(told.at(-1), ["file-2", "problem", "failed"]);
  assert.equal(files.counts().ready, 1);
});

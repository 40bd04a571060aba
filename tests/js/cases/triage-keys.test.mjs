import assert from "node:assert/strict";
import { test } from "node:test";
import { meaningOf, step } from "../../../cases/static/cases/triage-keys.js";

const press = (key, over = {}) => ({ key, target: { tagName: "BODY" }, ...over });

test("each key has its meaning", () => {
  const meant = ["j", "k", "x", "c", "e", "n", "s", "?"].map((key) => meaningOf(press(key)));
  assert.deepEqual(meant, ["next", "previous", "tick", "claim", "escalate", "note", "submit", "help"]);
  assert.equal(meaningOf(press("q")), null);
});

test("while somebody writes, keys are letters", () => {
  for (const target of [{ tagName: "TEXTAREA" }, { tagName: "SELECT" }, { tagName: "INPUT", type: "text" }, { tagName: "DIV", isContentEditable: true }]) {
    assert.equal(meaningOf(press("s", { target })), null);
  }
  assert.equal(meaningOf(press("j", { target: { tagName: "INPUT", type: "checkbox" } })), "next");
});

test("with a modifier, while composing or in a dialog a key is the browser's", () => {
  for (const over of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { isComposing: true }]) {
    assert.equal(meaningOf(press("c", over)), null);
  }
  assert.equal(meaningOf(press("j"), { dialogOpen: true }), null);
});

test("moving stays at the ends", () => {
  assert.equal(step(-1, 1, 3), 0);
  assert.equal(step(-1, -1, 3), 2);
  assert.equal(step(2, 1, 3), 2);
  assert.equal(step(0, -1, 3), 0);
});

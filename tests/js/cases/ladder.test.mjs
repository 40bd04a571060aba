import assert from "node:assert/strict";
import { test } from "node:test";
import { furthestRung, newsFirst, onlyAsks, rungsOf } from "../../../cases/static/cases/ladder.js";

const told = (rung, options) => rungsOf(rung, options).map((step) => `${step.rung} ${step.when}`);

test("what is behind, now and ahead", () => {
  assert.deepEqual(told("collected"), ["sent past", "collected now", "watching later", "checking later", "blocked later"]);
});

test("an outcome stands at the end of the ladder", () => {
  assert.deepEqual(told("not_blocked"), ["sent past", "collected past", "watching past", "checking past", "not_blocked now"]);
  assert.equal(told("blocked").at(-1), "blocked now");
});

test("a withdrawal promises nothing more", () => {
  assert.deepEqual(told("withdrawn"), ["withdrawn now"]);
  assert.deepEqual(told("collected", { isOver: true }), ["sent past", "collected now"]);
});

test("a place that only asks about pictures never collects and never says what came of it", () => {
  const scopes = ["match"];
  assert.ok(onlyAsks(scopes));
  assert.ok(!onlyAsks(["feed", "match"]));
  assert.deepEqual(told("sent", { scopes }), ["sent now", "watching later"]);
  assert.deepEqual(told("watching", { scopes: ["match", "feedback"] }), ["sent past", "watching now"]);
});

test("a place that tells nothing has no rungs of what came of it", () => {
  assert.deepEqual(told("sent", { scopes: ["feed"] }), ["sent now", "collected later", "watching later"]);
});

test("where a place stands is shown, whatever its keys may do today", () => {
  assert.deepEqual(told("collected", { scopes: ["match"] }), ["sent past", "collected now", "watching later"]);
  assert.equal(told("checking", { scopes: ["match"] }).at(-1), "checking now");
  assert.equal(told("not_blocked", { scopes: ["match"] }).at(-1), "not_blocked now");
});

test("places with news come first, the others stay as they were", () => {
  const places = ["sent", "watching", "sent", "blocked", "checking"].map((rung, platform) => ({ rung, platform }));
  assert.deepEqual(newsFirst(places).map(({ platform }) => platform), [3, 4, 1, 0, 2]);
  assert.equal(furthestRung(places), "blocked");
  assert.equal(furthestRung([]), "sent");
});

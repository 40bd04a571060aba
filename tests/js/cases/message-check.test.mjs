import assert from "node:assert/strict";
import { test } from "node:test";
import { givenAway, holdsWords } from "../../../cases/static/cases/message-check.js";

const words = { names: "my name is|i'm called|call me", streets: "street|road|avenue|flat" };
const code = "ABCDE-FGHJK-MNPQR-STVWX";
const found = (text) => givenAway(text, { code, words });

test("words that give nothing away pass", () => {
  for (const text of [
    "He says he will post it on Friday.",
    "It was 20/11/2026, and 3 people have seen it.",
    "They want 250 dollars by 5 pm",
    "i walked down the road and he called me names",
    "I am 15. It was sent to 12 people.",
    "He sent it at 16:30 on 2026-11-22",
    "It is on page 12345",
    "namely, street food",
  ]) {
    assert.deepEqual(found(text), [], text);
  }
});

test("the code is found however it is written, and half of it too", () => {
  for (const text of ["ABCDE-FGHJK-MNPQR-STVWX", "my code abcde fghjk mnpqr stvwx", "it is FGHJKMNPQR", "AbCdEfGhJk"]) {
    assert.deepEqual(found(text), ["code"], text);
  }
  assert.deepEqual(found("ABCDE"), []);
});

test("without a code none is found", () => {
  assert.deepEqual(givenAway("anything at all", { code: "", words }), []);
});

test("a name is found where somebody says one", () => {
  for (const text of ["My name is Mia", "hi, im called Mia", "I’m called Mia", "you can call  me Mia"]) {
    assert.deepEqual(found(text), ["name"], text);
  }
});

test("numbers to call are found in the forms of several countries", () => {
  for (const text of ["+44 7700 900123", "call 07700 900123", "(555) 010-9988", "555-010-9988", "0151/23456789", "00491512345678"]) {
    assert.deepEqual(found(text), ["phone"], text);
  }
});

test("an address to write to is found", () => {
  assert.deepEqual(found("write to mia.b+x@mail.example please"), ["email"]);
});

test("a street with a number is found on either side of its name", () => {
  for (const text of ["I live at 12 Long Road", "221b Baker Street", "flat 7", "Avenue des Champs 12"]) {
    assert.deepEqual(found(text), ["address"], text);
  }
});

test("several are told in one order", () => {
  assert.deepEqual(found("I'm called Mia, 12 Long Road, +44 7700 900123, ABCDE FGHJK MNPQR STVWX"), ["code", "name", "phone", "address"]);
});

test("words of danger count as whole words only, in any case and with any apostrophe", () => {
  const list = "hit me|can't go home|gun|自殺したい";
  for (const text of ["He HIT ME", "i cant go home", "I can’t go home", "a gun."]) assert.ok(holdsWords(text, list), text);
  for (const text of ["he hit men", "begun", "gunpowder", ""]) assert.ok(!holdsWords(text, list), text);
});

test("an empty list finds nothing", () => {
  assert.ok(!holdsWords("anything", ""));
  assert.deepEqual(givenAway("12 Long Road", { code: "", words: { names: "", streets: "" } }), []);
});

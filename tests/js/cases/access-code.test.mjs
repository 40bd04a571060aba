import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inGroups, inspect, normalise } from "../../../cases/static/cases/access-code.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const vectors = JSON.parse(readFileSync(new URL("../../cases/access_code_vectors.json", import.meta.url)));
const good = vectors.filter(({ valid }) => valid).map(({ normalised }) => normalised);

test("the browser and the server agree on every code", () => {
  assert.ok(good.length > 20 && good.length < vectors.length);
  for (const { typed, normalised, valid } of vectors) {
    // The server's normal form of a code that is none is null.
    if (valid) assert.equal(normalise(typed), normalised, typed);
    assert.equal(inspect(typed).problem === null, valid, typed);
  }
});

test("every single slip is caught", () => {
  const code = good[0];
  for (let at = 0; at < 20; at += 1) {
    for (const symbol of ALPHABET) {
      if (symbol === code[at]) continue;
      assert.equal(inspect(code.slice(0, at) + symbol + code.slice(at + 1)).problem, "slip");
    }
  }
});

test("every swap of neighbours is caught", () => {
  for (const code of good) {
    for (let at = 0; at < 19; at += 1) {
      if (code[at] === code[at + 1]) continue;
      const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
      assert.equal(inspect(swapped).problem, "slip");
    }
  }
});

test("case, spaces, hyphens and letters that look like digits are forgiven", () => {
  const code = good.find((one) => one.includes("0") && one.includes("1"));
  const typed = ` ${inGroups(code).toLowerCase().replaceAll("0", "o").replaceAll("1", "l").replaceAll("-", " – ")}\n`;
  assert.deepEqual(inspect(typed), { code, problem: null, group: null });
});

test("a letter that no code has is named by its group", () => {
  assert.deepEqual(inspect(`AAAAA-BBUBB-CCCCC-DDDDD`).group, 2);
});

test("a group with a missing symbol is named", () => {
  const typed = inGroups(good[0]).slice(0, 13) + inGroups(good[0]).slice(14);
  assert.equal(inspect(typed).problem, "short");
  assert.equal(inspect(typed).group, 3);
});

test("a guess at the group of a slip never names a group when two are as likely", () => {
  let named = 0;
  for (const code of good) {
    const at = code.search(/[8B]/);
    if (at < 0) continue;
    const typed = code.slice(0, at) + (code[at] === "8" ? "B" : "8") + code.slice(at + 1);
    const { group } = inspect(typed);
    if (group !== null) {
      assert.equal(group, Math.floor(at / 5) + 1);
      named += 1;
    }
  }
  assert.ok(named > 0);
});

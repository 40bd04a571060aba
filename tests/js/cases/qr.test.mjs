import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { qrPath, qrRows } from "../../../cases/static/cases/qr.js";

const expected = JSON.parse(readFileSync(process.env.QR_CODES));

test("every module is where another encoder puts it", () => {
  assert.ok(expected.length > 10);
  for (const { text, rows } of expected) assert.deepEqual(qrRows(text), rows, text);
});

test("the path draws the dark modules and no other, inside a quiet zone of four", () => {
  const { text, rows } = expected[0];
  const drawn = [...qrPath(text).matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x - 4},${y - 4}`);
  const dark = rows.flatMap((row, y) => row.flatMap((module, x) => (module ? [`${x},${y}`] : [])));
  assert.deepEqual(drawn, dark);
});

test("a text that does not fit is refused", () => {
  assert.throws(() => qrRows("A".repeat(30)), RangeError);
  assert.throws(() => qrRows("https://example.com/é"), RangeError);
});

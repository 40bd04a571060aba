import assert from "node:assert/strict";
import { test } from "node:test";

import { isCutOff } from "../../hashes/static/hashes/endings.js";

const START = [0xff, 0xd8];
const END = [0xff, 0xd9];
const segment = (code, content) => [0xff, code, 0, content.length + 2, ...content];
// A preview in the notes at the front has an end of its own.
const THUMBNAIL = segment(0xe1, [...START, 1, 2, 3, ...END]);
const SCAN = [...segment(0xda, [1, 2, 3]), 9, 9, 0xff, 0x00, 9, 0xff, 0xd0, 9];

async function cutOff(format, content) {
  const bytes = Uint8Array.from(content);
  return isCutOff(format, bytes.length, async (from, to) => bytes.slice(from, to));
}

test("a JPEG that ends is whole", async () => {
  assert.equal(await cutOff("jpeg", [...START, ...THUMBNAIL, ...SCAN, ...END]), false);
});

test("a JPEG with a film behind its end is whole", async () => {
  assert.equal(await cutOff("jpeg", [...START, ...SCAN, ...END, 7, 7, 7, 7]), false);
});

test("the end of an embedded preview is not the end of the picture", async () => {
  assert.equal(await cutOff("jpeg", [...START, ...THUMBNAIL, ...SCAN]), true);
});

test("a JPEG that stops among its notes is cut off", async () => {
  assert.equal(await cutOff("jpeg", [...START, ...THUMBNAIL.slice(0, 6)]), true);
});

test("an end that lies on the border of two slices is found", async () => {
  const scan = [...START, ...segment(0xda, [1])];
  for (let shift = -2; shift <= 1; shift += 1) {
    const filler = new Array(2 ** 20 - 5 + shift).fill(9);
    assert.equal(await cutOff("jpeg", [...scan, ...filler, ...END]), false, `${shift}`);
  }
});

test("a PNG is whole when its last chunk is there", async () => {
  const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 2, 73, 68, 65, 84, 1, 2, 0, 0, 0, 0];
  const last = [0, 0, 0, 0, 73, 69, 78, 68, 0, 0, 0, 0];
  assert.equal(await cutOff("png", [...png, ...last]), false);
  assert.equal(await cutOff("png", png), true);
  assert.equal(await cutOff("png", [...png, ...last].slice(0, -10)), true);
});

test("other formats are left to their decoders", async () => {
  assert.equal(await cutOff("webp", [1, 2, 3]), false);
});

// The same pixels through our code and through the reference libraries. Their values were written down by
// tests/hashes/make_golden.py; the pixels come from the test that starts this one, because node opens no pictures.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { pdq, lumaOfRow } from "../../hashes/static/hashes/pdq.js";
import { phash } from "../../hashes/static/hashes/phash.js";
import { Forms, SmallCopy, Squash } from "../../hashes/static/hashes/variants.js";

const folder = process.env.PIXELS_DIR;
const here = new URL(".", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("../hashes/golden_fingerprints.json", here)));
const { variants } = JSON.parse(readFileSync(new URL("../../hashes/variants.json", here)));
const names = folder ? JSON.parse(readFileSync(`${folder}/names.json`)) : [];

const pixelsOf = (name) => readFileSync(`${folder}/${name}.rgba`);

function distance(one, other) {
  const differing = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  return differing.toString(2).replaceAll("0", "").length;
}

async function formsOf(rgba, width, height) {
  const forms = new Forms(variants);
  const copy = new SmallCopy(width, height);
  const squashes = forms.squashSides().map((side) => new Squash(width, height, side));
  const luma = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    lumaOfRow(rgba, y * width * 4, luma);
    copy.push(luma);
    for (const squash of squashes) squash.push(luma);
  }
  return forms.hashes(copy, squashes, async () => {});
}

for (const name of names) {
  const { width, height, pdq: reference, phash: second, forms } = golden[name];

  test(`${name}: PDQ and its quality are the reference's, bit for bit`, () => {
    const { value, quality } = pdq(pixelsOf(name), width, height);
    assert.deepEqual([value, quality], reference);
  });

  test(`${name}: pHash is within 2 bits of imagehash`, () => {
    assert.ok(distance(phash(pixelsOf(name), width, height), second) <= 2);
  });

  test(`${name}: every altered form hashes as if it had been drawn`, { skip: !Object.keys(forms).length }, async () => {
    const found = await formsOf(pixelsOf(name), width, height);
    const made = Object.fromEntries(found.map(({ variant, value, quality }) => [variant, [value, quality]]));
    assert.deepEqual(made, forms);
  });
}

test("a picture too narrow for the reference has a hash without worth", () => {
  assert.equal(pdq(new Uint8Array(4 * 200 * 4), 200, 4).quality, 0);
});

test("an even picture has no quality", () => {
  assert.equal(pdq(new Uint8Array(100 * 100 * 4).fill(128), 100, 100).quality, 0);
});

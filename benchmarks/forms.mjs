// Hashes of all altered forms of one picture from small copies of several sizes: node benchmarks/forms.mjs
// PIXELS.rgba WIDTH HEIGHT SIDE... prints {side: {form: hash}} as JSON. SIDE 0 is the full picture.

import { readFileSync } from "node:fs";

import { lumaOfRow } from "../hashes/static/hashes/pdq.js";
import { Forms, SmallCopy, Squash } from "../hashes/static/hashes/variants.js";

const [path, width, height, ...sides] = process.argv.slice(2).map((given, at) => (at ? Number(given) : given));
const rgba = readFileSync(path);
const { variants } = JSON.parse(readFileSync(new URL("../hashes/variants.json", import.meta.url)));

async function formsFrom(side) {
  const forms = new Forms(variants);
  const copy = new SmallCopy(width, height, side || Math.max(width, height));
  const squashes = forms.squashSides().map((length) => new Squash(width, height, length));
  const luma = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    lumaOfRow(rgba, y * width * 4, luma);
    copy.push(luma);
    for (const squash of squashes) squash.push(luma);
  }
  const started = process.cpuUsage().user;
  const hashes = await forms.hashes(copy, squashes, async () => {});
  const took = (process.cpuUsage().user - started) / 1000;
  return { took, hashes: Object.fromEntries(hashes.map(({ variant, value }) => [variant, value])) };
}

const found = {};
for (const side of sides) found[side] = await formsFrom(side);
process.stdout.write(JSON.stringify(found));

// The 64-bit pHash as Python's imagehash makes it: grey, 32 x 32 by Pillow's Lanczos filter, cosine
// transform, one bit for each of the 8 x 8 lowest frequencies against their median.
//
// Pillow resizes in 8-bit steps with fixed-point weights, first across and then down. Doing the same, row by
// row, keeps a picture of any size down to 32 bytes a row.

const SIDE = 32;
const KEPT = 8;
const LOBES = 3;
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

function lanczos(x) {
  if (x === 0) return 1;
  if (x < -LOBES || x >= LOBES) return 0;
  const angle = Math.PI * x;
  return (Math.sin(angle) / angle) * (Math.sin(angle / LOBES) / (angle / LOBES));
}

function weightsAt(position, scale, length) {
  const widen = Math.max(scale, 1);
  const support = LOBES * widen;
  const centre = (position + 0.5) * scale;
  const start = Math.max(0, Math.trunc(centre - support + 0.5));
  const end = Math.min(length, Math.trunc(centre + support + 0.5));
  const exact = Float64Array.from({ length: end - start }, (_, i) => lanczos((i + start - centre + 0.5) / widen));
  const sum = exact.reduce((total, weight) => total + weight, 0);
  const weights = Int32Array.from(exact, (weight) => {
    const fixed = (weight / sum) * (1 << PRECISION);
    return Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
  });
  return { start, weights };
}

function weightsFor(length) {
  return Array.from({ length: SIDE }, (_, i) => weightsAt(i, length / SIDE, length));
}

function clip8(sum) {
  return Math.max(0, Math.min(255, sum >> PRECISION));
}

function greyOfRow(rgba, start, grey) {
  for (let x = 0, at = start; x < grey.length; x += 1, at += 4) {
    grey[x] = (rgba[at] * 19595 + rgba[at + 1] * 38470 + rgba[at + 2] * 7471 + 0x8000) >> 16;
  }
}

function weighted(values, offset, stride, { start, weights }) {
  let sum = HALF;
  let at = offset + start * stride;
  for (let i = 0; i < weights.length; i += 1, at += stride) sum += Math.imul(values[at], weights[i]);
  return clip8(sum | 0);
}

function transform(grey) {
  const cosine = (frequency, position) => Math.cos((Math.PI * frequency * (2 * position + 1)) / (2 * SIDE));
  const down = new Float64Array(KEPT * SIDE);
  const both = new Float64Array(KEPT * KEPT);
  for (let i = 0; i < KEPT; i += 1) {
    for (let k = 0; k < SIDE; k += 1) {
      for (let x = 0; x < SIDE; x += 1) down[i * SIDE + x] += cosine(i, k) * grey[k * SIDE + x];
    }
    for (let j = 0; j < KEPT; j += 1) {
      for (let k = 0; k < SIDE; k += 1) both[i * KEPT + j] += down[i * SIDE + k] * cosine(j, k);
    }
  }
  return both;
}

function hexOf(frequencies) {
  const sorted = frequencies.slice().sort();
  const median = (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
  let value = "";
  for (let at = 0; at < frequencies.length; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) digit = digit * 2 + (frequencies[at + bit] > median ? 1 : 0);
    value += digit.toString(16);
  }
  return value;
}

export class Phash {
  constructor(width, height) {
    this.height = height;
    this.across = weightsFor(width);
    this.grey = new Uint8Array(width);
    this.narrow = new Uint8Array(SIDE * height);
    this.rows = 0;
  }

  push(rgba, start) {
    greyOfRow(rgba, start, this.grey);
    const base = this.rows * SIDE;
    for (let i = 0; i < SIDE; i += 1) this.narrow[base + i] = weighted(this.grey, 0, 1, this.across[i]);
    this.rows += 1;
  }

  finish() {
    const small = new Uint8Array(SIDE * SIDE);
    weightsFor(this.height).forEach((weights, y) => {
      for (let x = 0; x < SIDE; x += 1) small[y * SIDE + x] = weighted(this.narrow, x, SIDE, weights);
    });
    return hexOf(transform(small));
  }
}

// Hashes RGBA pixels that are all in memory: what tests and benchmarks use.
export function phash(rgba, width, height) {
  const stream = new Phash(width, height);
  for (let y = 0; y < height; y += 1) stream.push(rgba, y * width * 4);
  return stream.finish();
}

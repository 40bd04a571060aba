// PDQ, Meta's open perceptual hash, by the path that hashes a picture at its full size.
//
// A picture goes through row by row and is never held as a whole: one window of rows is kept in a ring, and
// the second smoothing is kept only at the 64 columns that are sampled. Additions are rounded to float32 in
// the reference's order, because a bit that stands at the median turns with the last digit.

export const SIDE = 64;
export const FREQUENCIES = 16;
// Below this quality a picture is so even that unrelated ones share its hash.
export const WORST_TRUSTED_QUALITY = 50;
// The reference hashes nothing narrower.
export const SHORTEST_SIDE = 5;

const round32 = Math.fround;

export function windowFor(length) {
  return Math.floor((length + 2 * SIDE - 1) / (2 * SIDE));
}

// How far a window reaches before and after its own position.
export function reachOf(window) {
  const half = (window + 2) >> 1;
  return { before: window - half, after: half - 1 };
}

export function samplePoints(length) {
  return Int32Array.from({ length: SIDE }, (_, i) => Math.floor(((i + 0.5) * length) / SIDE));
}

// Writes the brightness of one row of RGBA pixels.
export function lumaOfRow(rgba, start, luma) {
  for (let x = 0, at = start; x < luma.length; x += 1, at += 4) {
    luma[x] = rgba[at] * 0.299 + rgba[at + 1] * 0.587 + rgba[at + 2] * 0.114;
  }
}

function boxAcross(values, out, window) {
  const length = values.length;
  const { before, after } = reachOf(window);
  let total = round32(0);
  for (let x = 0; x < after; x += 1) total = round32(total + values[x]);
  let count = after;
  for (let x = 0; x < before + 1 && x < length; x += 1) {
    if (x + after < length) {
      total = round32(total + values[x + after]);
      count += 1;
    }
    out[x] = total / count;
  }
  const full = round32(count);
  const lastFull = length - after;
  for (let x = before + 1; x < lastFull; x += 1) {
    total = round32(round32(total + values[x + after]) - values[x - before - 1]);
    out[x] = round32(total / full);
  }
  for (let x = Math.max(lastFull, before + 1); x < length; x += 1) {
    total = round32(total - values[x - before - 1]);
    count -= 1;
    out[x] = total / count;
  }
}

// The box filter down the columns, fed row by row. It calls `emit(row, index)` for every finished row.
class BoxDown {
  constructor(width, window, emit) {
    this.window = window;
    this.reach = reachOf(window);
    this.emit = emit;
    this.total = new Float32Array(width);
    this.out = new Float32Array(width);
    this.ring = Array.from({ length: window }, () => new Float32Array(width));
    this.entered = 0;
    this.count = 0;
    this.emitted = 0;
  }

  push(row) {
    const { total, ring, window, entered } = this;
    const kept = ring[entered % window];
    if (entered >= window) {
      for (let x = 0; x < row.length; x += 1) total[x] = round32(round32(total[x] + row[x]) - kept[x]);
    } else {
      for (let x = 0; x < row.length; x += 1) total[x] += row[x];
      this.count += 1;
    }
    kept.set(row);
    this.entered += 1;
    if (this.entered > this.reach.after) this.#emit();
  }

  finish() {
    while (this.emitted < this.entered) {
      const leaving = this.emitted - this.reach.before - 1;
      if (leaving >= 0) this.#leave(this.ring[leaving % this.window]);
      this.#emit();
    }
  }

  #leave(row) {
    for (let x = 0; x < row.length; x += 1) this.total[x] -= row[x];
    this.count -= 1;
  }

  #emit() {
    const { total, out } = this;
    const count = round32(this.count);
    for (let x = 0; x < out.length; x += 1) out[x] = round32(total[x] / count);
    this.emit(out, this.emitted);
    this.emitted += 1;
  }
}

// Takes the rows of a picture's luma and gives the 64 x 64 smoothed samples.
export class Sampler {
  constructor(width, height) {
    this.samples = new Float32Array(SIDE * SIDE);
    this.windowAcross = windowFor(width);
    this.across = new Float32Array(width);
    const columns = samplePoints(width);
    const rows = samplePoints(height);
    const picked = new Float32Array(SIDE);
    const again = new Float32Array(width);
    let next = 0;
    this.second = new BoxDown(SIDE, windowFor(height), (row, y) => {
      for (; rows[next] === y; next += 1) this.samples.set(row, next * SIDE);
    });
    this.first = new BoxDown(width, windowFor(height), (row) => {
      boxAcross(row, again, this.windowAcross);
      for (let i = 0; i < SIDE; i += 1) picked[i] = again[columns[i]];
      this.second.push(picked);
    });
  }

  push(luma) {
    boxAcross(luma, this.across, this.windowAcross);
    this.first.push(this.across);
  }

  finish() {
    this.first.finish();
    this.second.finish();
    return this.samples;
  }
}

const COSINES = Float32Array.from({ length: FREQUENCIES * SIDE }, (_, at) => {
  const frequency = Math.floor(at / SIDE) + 1;
  const position = 2 * (at % SIDE) + 1;
  return Math.sqrt(2 / SIDE) * Math.cos((Math.PI / 2 / SIDE) * frequency * position);
});

function transform(samples) {
  const down = new Float32Array(FREQUENCIES * SIDE);
  const both = new Float32Array(FREQUENCIES * FREQUENCIES);
  for (let i = 0; i < FREQUENCIES; i += 1) {
    for (let k = 0; k < SIDE; k += 1) {
      const cosine = COSINES[i * SIDE + k];
      for (let j = 0; j < SIDE; j += 1) {
        down[i * SIDE + j] += round32(cosine * samples[k * SIDE + j]);
      }
    }
    for (let j = 0; j < FREQUENCIES; j += 1) {
      let sum = round32(0);
      for (let k = 0; k < SIDE; k += 1) {
        sum = round32(sum + round32(down[i * SIDE + k] * COSINES[j * SIDE + k]));
      }
      both[i * FREQUENCIES + j] = sum;
    }
  }
  return both;
}

// How much there is to see, 0 to 100: the steps between neighbouring samples, added up.
export function qualityOf(samples) {
  let steps = 0;
  const step = (a, b) => Math.trunc(Math.abs(round32(round32(round32(a - b) * 100) / 255)));
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const here = samples[y * SIDE + x];
      if (x + 1 < SIDE) steps += step(here, samples[y * SIDE + x + 1]);
      if (y + 1 < SIDE) steps += step(here, samples[(y + 1) * SIDE + x]);
    }
  }
  return Math.min(Math.floor(steps / 90), 100);
}

export function hashOfSamples(samples) {
  const frequencies = transform(samples);
  const median = frequencies.slice().sort()[frequencies.length / 2 - 1];
  let value = "";
  // The reference writes the highest frequency first.
  for (let at = frequencies.length - 4; at >= 0; at -= 4) {
    let digit = 0;
    for (let bit = 3; bit >= 0; bit -= 1) digit = digit * 2 + (frequencies[at + bit] > median ? 1 : 0);
    value += digit.toString(16);
  }
  return { value, quality: qualityOf(samples) };
}

// Hashes RGBA pixels that are all in memory: what tests and benchmarks use.
export function pdq(rgba, width, height) {
  if (Math.min(width, height) < SHORTEST_SIDE) return { value: "0".repeat(64), quality: 0 };
  const sampler = new Sampler(width, height);
  const luma = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    lumaOfRow(rgba, y * width * 4, luma);
    sampler.push(luma);
  }
  return hashOfSamples(sampler.finish());
}

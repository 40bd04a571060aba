// The hashes of a picture's altered forms, made from one small grey copy of it.
//
// Smoothing and sampling are linear and work along one axis at a time, so a turn, a crop, a bar or a border
// only changes which pixels of the copy weigh how much in each of the 64 samples along an axis. No altered
// picture is ever drawn: a form is two tables of weights. hashes/variants.py draws the same forms in pixels.

import { inside } from "./frames.js";
import { hashOfSamples, reachOf, samplePoints, SIDE, windowFor } from "./pdq.js";

// Measured on 12 megapixels: hashes from a copy of 512 px stand 6 bits (at most 16) from those of the full
// picture, of 1024 px 4 (10), of 2048 px 2 (6) at more than three times the work.
export const COPY_SIDE = 1024;
const COLOURS = { black: 0, white: 255 };
const NOTHING = [0, 0, 0, 0];
const FRAMED = "framed";

const TURNS = {
  "rotate-90": { swap: true, mirrorX: true, mirrorY: false },
  "rotate-180": { swap: false, mirrorX: true, mirrorY: true },
  "rotate-270": { swap: true, mirrorX: false, mirrorY: true },
  "flip-h": { swap: false, mirrorX: true, mirrorY: false },
  "flip-v": { swap: false, mirrorX: false, mirrorY: true },
  transpose: { swap: true, mirrorX: false, mirrorY: false },
  transverse: { swap: true, mirrorX: true, mirrorY: true },
};
const UPRIGHT = { swap: false, mirrorX: false, mirrorY: false };

// Averages whole blocks of pixels while the rows stream past; keeps `plane`, `width` and `height`.
export class SmallCopy {
  constructor(width, height, side = COPY_SIDE) {
    this.block = Math.max(1, Math.round(Math.max(width, height) / side));
    this.width = Math.ceil(width / this.block);
    this.height = Math.ceil(height / this.block);
    this.rows = 0;
    this.lastRows = height - (this.height - 1) * this.block;
    this.plane = new Float32Array(this.width * this.height);
  }

  push(luma) {
    const { block, width, plane } = this;
    const y = Math.floor(this.rows / block);
    const high = y === this.height - 1 ? this.lastRows : block;
    this.rows += 1;
    for (let x = 0, from = 0; x < width; x += 1) {
      const end = Math.min(from + block, luma.length);
      const share = 1 / ((end - from) * high);
      let sum = 0;
      for (; from < end; from += 1) sum += luma[from];
      plane[y * width + x] += sum * share;
    }
  }
}

// Thins both axes to one length without smoothing, as Meta's command line does before it hashes.
export class Squash {
  constructor(width, height, side) {
    this.width = side;
    this.height = side;
    this.columns = Int32Array.from({ length: side }, (_, i) => Math.floor((i * width) / side));
    this.rows = Int32Array.from({ length: side }, (_, i) => Math.floor((i * height) / side));
    this.plane = new Float32Array(side * side);
    this.seen = 0;
    this.next = 0;
  }

  push(luma) {
    for (; this.rows[this.next] === this.seen; this.next += 1) {
      const base = this.next * this.width;
      for (let x = 0; x < this.width; x += 1) this.plane[base + x] = luma[this.columns[x]];
    }
    this.seen += 1;
  }
}

function rounded(value) {
  return Math.floor(value + 0.5);
}

function share(percent, whole) {
  return rounded((whole * percent) / 100);
}

function cutToShape([across, down], width, height) {
  const wide = Math.max(0, width - rounded((height * across) / down));
  const high = Math.max(0, height - rounded((width * down) / across));
  return [wide >> 1, high >> 1, wide - (wide >> 1), high - (high >> 1)];
}

function marginsCut(variant, width, height) {
  if (variant.shape) return cutToShape(variant.shape, width, height);
  const [left, top, right, bottom] = variant.crop ?? NOTHING;
  return [share(left, width), share(top, height), share(right, width), share(bottom, height)];
}

// Where the picture starts in the free space when it is moved by percent of the screen.
function moved(free, shift, whole) {
  return Math.min(free, Math.max(0, (free >> 1) + rounded((whole * shift) / 100)));
}

function fittedInto([across, down], shift, width, height) {
  const wide = Math.max(0, rounded((height * across) / down) - width);
  const high = Math.max(0, rounded((width * down) / across) - height);
  const left = moved(wide, shift, width + wide);
  const top = moved(high, shift, height + high);
  return [left, top, wide - left, high - top];
}

function marginsAdded(variant, width, height) {
  if (variant.border) {
    const thickness = share(variant.border, Math.min(width, height));
    return [thickness, thickness, thickness, thickness];
  }
  if (variant.bars) {
    const [top, bottom] = variant.bars;
    const whole = height / (1 - (top + bottom) / 100);
    return [0, share(top, whole), 0, share(bottom, whole)];
  }
  if (variant.screen) return fittedInto(variant.screen, variant.shift ?? 0, width, height);
  return NOTHING;
}

// One axis of an altered form: `kept` pixels of a line of `length` from `cut` on, `before` and `after` added.
function axisOf(length, cutBefore, cutAfter, before, after, mirror) {
  return { length, cut: cutBefore, kept: length - cutBefore - cutAfter, before, after, mirror };
}

function axesOf(variant, width, height) {
  const turn = TURNS[variant.turn] ?? UPRIGHT;
  const [wide, high] = turn.swap ? [height, width] : [width, height];
  const cut = marginsCut(variant, wide, high);
  const added = marginsAdded(variant, wide - cut[0] - cut[2], high - cut[1] - cut[3]);
  return {
    swap: turn.swap,
    x: axisOf(wide, cut[0], cut[2], added[0], added[2], turn.mirrorX),
    y: axisOf(high, cut[1], cut[3], added[1], added[3], turn.mirrorY),
  };
}

// The weights of one sample over positions first..first + weights.length - 1 of a line of `length` pixels.
function smoothedPoint(point, length, window) {
  const { before, after } = reachOf(window);
  const clamp = (at) => Math.max(0, Math.min(length - 1, at));
  const first = clamp(clamp(point - before) - before);
  const last = clamp(clamp(point + after) + after);
  const weights = new Float64Array(last - first + 1);
  const outerFrom = clamp(point - before);
  const outerTo = clamp(point + after);
  for (let middle = outerFrom; middle <= outerTo; middle += 1) {
    const from = clamp(middle - before);
    const to = clamp(middle + after);
    const weight = 1 / ((outerTo - outerFrom + 1) * (to - from + 1));
    for (let at = from; at <= to; at += 1) weights[at - first] += weight;
  }
  return { first, weights };
}

// For each of the 64 samples along an axis: weights over the copy's own pixels and the weight of the bars.
function weightsAlong(axis) {
  const length = axis.before + axis.kept + axis.after;
  const window = windowFor(length);
  return Array.from(samplePoints(length), (point) => {
    const { first, weights } = smoothedPoint(point, length, window);
    const from = Math.max(0, axis.before - first);
    const to = Math.max(from, Math.min(weights.length, axis.before + axis.kept - first));
    const own = weights.slice(from, to);
    const start = axis.cut + first + from - axis.before;
    let bars = 0;
    for (let i = 0; i < weights.length; i += 1) if (i < from || i >= to) bars += weights[i];
    if (!axis.mirror) return { start, weights: own, bars };
    return { start: axis.length - start - own.length, weights: own.reverse(), bars };
  });
}

// How much of each of the 64 samples along a line of `length` pixels lies between two percents of it.
function coverage(length, fromPercent, toPercent) {
  const window = windowFor(length);
  const from = share(fromPercent, length);
  const to = share(toPercent, length);
  return Array.from(samplePoints(length), (point) => {
    const { first, weights } = smoothedPoint(point, length, window);
    let sum = 0;
    for (let at = Math.max(from, first); at < Math.min(to, first + weights.length); at += 1) sum += weights[at - first];
    return sum;
  });
}

// Makes the altered forms' hashes; its buffers serve one picture after the other.
export class Forms {
  constructor(variants) {
    this.variants = variants;
    this.narrow = new Float32Array(0);
    this.samples = new Float32Array(SIDE * SIDE);
    this.across = { key: null };
  }

  // The lengths to which the full picture has to be thinned.
  squashSides() {
    return this.variants.filter((variant) => variant.squash).map((variant) => variant.squash);
  }

  // The hash of what is inside of a frame, or nothing where there is none.
  framed(copy) {
    const box = inside(copy);
    if (!box) return [];
    this.#passAcross(copy, axisOf(copy.width, box.left, copy.width - box.right, 0, 0, false), 0);
    this.#passDown(weightsAlong(axisOf(copy.height, box.top, copy.height - box.bottom, 0, 0, false)), 0, false);
    this.across = { key: null };
    return [{ ...hashOfSamples(this.samples), variant: FRAMED }];
  }

  // Awaits `step(share)` after each form, so that a long row of them can be stopped.
  async hashes(copy, squashes, step) {
    const found = [];
    this.across = { key: null };
    for (const variant of this.#inGoodOrder()) {
      const plane = variant.squash ? squashOf(squashes, variant.squash) : copy;
      found.push({ ...this.#hash(variant, plane), variant: variant.name });
      await step(found.length / this.variants.length);
    }
    this.across = { key: null };
    return found;
  }

  // Forms that change nothing across stand together, so that the pass across is made once for them.
  #inGoodOrder() {
    const rank = (variant) => (variant.turn ? 2 : variant.bars || variant.crop?.[0] === 0 ? 0 : 1);
    return this.variants.slice().sort((a, b) => rank(a) - rank(b));
  }

  #hash(variant, copy) {
    const axes = axesOf(variant.squash ? {} : variant, copy.width, copy.height);
    const colour = COLOURS[variant.colour ?? "black"];
    // The pass along the copy's own rows comes first; in a turned form that is its vertical axis.
    const [alongRows, alongColumns] = axes.swap ? [axes.y, axes.x] : [axes.x, axes.y];
    this.#passAcross(copy, alongRows, colour);
    this.#passDown(weightsAlong(alongColumns), colour, axes.swap);
    for (const sign of variant.signs ?? []) this.#draw(sign, axes, colour);
    return hashOfSamples(this.samples);
  }

  #passAcross(copy, axis, colour) {
    const key = JSON.stringify([axis, colour]);
    if (this.across.key === key && this.across.copy === copy) return;
    this.across = { key, copy };
    const { width, height, plane } = copy;
    if (this.narrow.length < height * SIDE) this.narrow = new Float32Array(height * SIDE);
    const { narrow } = this;
    weightsAlong(axis).forEach(({ start, weights, bars }, i) => {
      const around = bars * colour;
      for (let y = 0; y < height; y += 1) {
        let sum = around;
        for (let k = 0, at = y * width + start; k < weights.length; k += 1, at += 1) sum += weights[k] * plane[at];
        narrow[y * SIDE + i] = sum;
      }
    });
  }

  // A rectangle on a bar: what it adds to a sample is the product of what it covers along both axes.
  #draw([left, top, right, bottom, brightness], { x, y }, ground) {
    const across = coverage(x.before + x.kept + x.after, left, right);
    const down = coverage(y.before + y.kept + y.after, top, bottom);
    for (let j = 0; j < SIDE; j += 1) {
      const weight = (brightness - ground) * down[j];
      if (weight) for (let i = 0; i < SIDE; i += 1) this.samples[j * SIDE + i] += weight * across[i];
    }
  }

  #passDown(points, colour, swap) {
    const { narrow, samples } = this;
    points.forEach(({ start, weights, bars }, j) => {
      for (let i = 0; i < SIDE; i += 1) {
        let sum = bars * colour;
        for (let k = 0, at = start * SIDE + i; k < weights.length; k += 1, at += SIDE) sum += weights[k] * narrow[at];
        samples[swap ? i * SIDE + j : j * SIDE + i] = sum;
      }
    });
  }
}

function squashOf(squashes, side) {
  return squashes.find((squash) => squash.width === side);
}

// One file in, its fingerprints out: { kind, fingerprints, problem }.
//
// `problem` is null or says why only exact copies can be found: "blank", "truncated", "format", "heic" or
// "pixels_hidden". A file of which nothing can be said throws NoFingerprints with "empty", "not_a_picture" or
// "unreadable".

import { CannotDecode, openPicture, pixelsAreTrue, readRows } from "./decode.js";
import { isCutOff } from "./endings.js";
import { HEADER_BYTES, kindOf } from "./kinds.js";
import { Md5 } from "./md5.js";
import { hashOfSamples, lumaOfRow, Sampler, SHORTEST_SIDE, WORST_TRUSTED_QUALITY } from "./pdq.js";
import { Phash } from "./phash.js";
import { Sha256 } from "./sha256.js";
import { SmallCopy, Squash } from "./variants.js";

const SLICE = 2 ** 22;
const ORIGINAL = "original";
// How much of the work each part is for a photograph, so that the bar moves evenly.
const SHARES = { bytes: 0.3, pixels: 0.5, forms: 0.2 };

export class NoFingerprints extends Error {
  constructor(problem) {
    super(problem);
    this.problem = problem;
  }
}

// `forms` makes the altered forms' hashes; `step(progress, kind)` is awaited often and may throw to stop.
export async function fingerprintFile(file, forms, step) {
  if (file.size === 0) throw new NoFingerprints("empty");
  const said = kindOf(await bytesOf(file, 0, HEADER_BYTES), file.type);
  if (!said) throw new NoFingerprints("not_a_picture");
  const { kind, format } = said;
  const share = kind === "video" ? 1 : SHARES.bytes;
  const fingerprints = await exactHashes(file, (part) => step(part * share, kind));
  if (kind === "video") return { kind, fingerprints, problem: null };
  try {
    const seen = await looks(file, format, forms, (part) => step(SHARES.bytes + part * (1 - SHARES.bytes), kind));
    return { kind, fingerprints: [...fingerprints, ...seen], problem: null };
  } catch (error) {
    if (!(error instanceof OnlyExact)) throw error;
    return { kind, fingerprints, problem: error.problem };
  }
}

class OnlyExact extends Error {
  constructor(problem) {
    super(problem);
    this.problem = problem;
  }
}

async function bytesOf(file, from, to) {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch {
    throw new NoFingerprints("unreadable");
  }
}

function entry(algorithm, value, variant = ORIGINAL, quality = null) {
  return { algorithm, value, quality, variant };
}

async function exactHashes(file, step) {
  const sha256 = new Sha256();
  const md5 = new Md5();
  for (let from = 0; from < file.size; from += SLICE) {
    const bytes = await bytesOf(file, from, from + SLICE);
    sha256.update(bytes);
    md5.update(bytes);
    await step(Math.min(1, (from + SLICE) / file.size));
  }
  return [entry("sha256", sha256.hex()), entry("md5", md5.hex())];
}

async function looks(file, format, forms, step) {
  if (!pixelsAreTrue()) throw new OnlyExact("pixels_hidden");
  if (await isCutOff(format, file.size, (from, to) => bytesOf(file, from, to))) throw new OnlyExact("truncated");
  const bitmap = await opened(file, format);
  try {
    return await hashesOf(bitmap, forms, step);
  } finally {
    bitmap.close();
  }
}

async function opened(file, format) {
  try {
    return await openPicture(file);
  } catch (error) {
    if (!(error instanceof CannotDecode)) throw error;
    if (format === "heic") throw new OnlyExact("heic");
    if (format === "other") throw new OnlyExact("format");
    throw new OnlyExact("truncated");
  }
}

async function hashesOf(bitmap, forms, step) {
  const { width, height } = bitmap;
  if (Math.min(width, height) < SHORTEST_SIDE) throw new OnlyExact("blank");
  const luma = new Float32Array(width);
  const sampler = new Sampler(width, height);
  const phash = new Phash(width, height);
  const copy = new SmallCopy(width, height);
  const squashes = forms.squashSides().map((side) => new Squash(width, height, side));
  const onRow = (rgba, start) => {
    lumaOfRow(rgba, start, luma);
    sampler.push(luma);
    copy.push(luma);
    for (const squash of squashes) squash.push(luma);
    phash.push(rgba, start);
  };
  const pixelShare = SHARES.pixels / (SHARES.pixels + SHARES.forms);
  await readRows(bitmap, onRow, (part) => step(part * pixelShare));
  const { value, quality } = hashOfSamples(sampler.finish());
  if (quality < WORST_TRUSTED_QUALITY) throw new OnlyExact("blank");
  const altered = await forms.hashes(copy, squashes, (part) => step(pixelShare + part * (1 - pixelShare)));
  return [
    entry("pdq", value, ORIGINAL, quality),
    entry("phash", phash.finish()),
    ...[...altered, ...forms.framed(copy)]
      .filter((form) => form.quality >= WORST_TRUSTED_QUALITY)
      .map((form) => entry("pdq", form.value, form.variant, form.quality)),
  ];
}

// Whether a picture's file stops before its end. Browsers show what is there of a cut-off JPEG and fill the
// rest with grey, and a hash of that would find nothing.

const SLICE = 2 ** 20;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const MARKER = 0xff;

// `read(from, to)` gives bytes. Formats whose decoder refuses a cut-off file by itself are not looked into.
export async function isCutOff(format, size, read) {
  if (format === "jpeg") return jpegIsCutOff(size, read);
  if (format === "png") return pngIsCutOff(size, read);
  return false;
}

async function jpegIsCutOff(size, read) {
  const scan = await startOfScan(size, read);
  if (scan === null) return true;
  for (let from = scan; from < size; from += SLICE - 1) {
    // Neighbouring slices share one byte, because a marker is two bytes long.
    const bytes = await read(from, Math.min(size, from + SLICE));
    for (let at = bytes.indexOf(MARKER); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
      if (bytes[at + 1] === END_OF_IMAGE) return false;
    }
  }
  return true;
}

// Walks over the segments before the picture's own data; an embedded thumbnail has an end of its own there.
async function startOfScan(size, read) {
  let at = 2;
  while (at + 4 <= size) {
    const [marker, code, high, low] = await read(at, at + 4);
    if (marker !== MARKER) return null;
    if (code === START_OF_SCAN) return at;
    at += code === MARKER ? 1 : 2 + high * 256 + low;
  }
  return null;
}

async function pngIsCutOff(size, read) {
  let at = 8;
  while (at + 12 <= size) {
    const bytes = await read(at, at + 8);
    const length = new DataView(bytes.buffer).getUint32(0);
    if (String.fromCharCode(...bytes.subarray(4)) === "IEND") return false;
    at += 12 + length;
  }
  return true;
}

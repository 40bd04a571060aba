// Browser glue: a file's pixels, strip by strip, as a person sees the picture.

// iOS refuses a canvas above 16.7 megapixels, and strips need a hundredth of the memory.
const STRIP_ROWS = 128;
const CANARY_CELLS = 8;
// Some browsers add noise of a step or two, which moves a hash by a few bits at most; others answer with
// random pixels, which makes it worthless without a sign of it.
const HARMLESS_NOISE = 4;

export class CannotDecode extends Error {}

// False where the browser hides pixels from pages and answers with made-up ones.
export function pixelsAreTrue() {
  try {
    return canaryError() <= HARMLESS_NOISE;
  } catch {
    return false;
  }
}

function canaryError() {
  const context = contextOf(CANARY_CELLS, CANARY_CELLS);
  const colour = (at) => [(at * 89) % 256, (at * 151 + 40) % 256, (at * 211 + 90) % 256];
  const cells = Array.from({ length: CANARY_CELLS ** 2 }, (_, at) => at);
  for (const at of cells) {
    context.fillStyle = `rgb(${colour(at).join(" ")})`;
    context.fillRect(at % CANARY_CELLS, Math.floor(at / CANARY_CELLS), 1, 1);
  }
  const { data } = context.getImageData(0, 0, CANARY_CELLS, CANARY_CELLS);
  const off = (at) => colour(at).reduce((sum, value, i) => sum + Math.abs(value - data[at * 4 + i]), 0);
  return cells.reduce((sum, at) => sum + off(at), 0) / (cells.length * 3);
}

function contextOf(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) throw new CannotDecode("There is no canvas.");
  return context;
}

// The camera's note how to turn the picture is followed by itself; asking for it makes older browsers refuse.
export async function openPicture(file) {
  try {
    return await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    throw new CannotDecode("The browser cannot read this picture.");
  }
}

// Calls `onRow(rgba, start)` for every row from the top, and awaits `onStrip(share)` after each strip.
// What shines through is white, as on the server.
export async function readRows(bitmap, onRow, onStrip) {
  const { width, height } = bitmap;
  const context = contextOf(width, Math.min(STRIP_ROWS, height));
  context.fillStyle = "#fff";
  for (let top = 0; top < height; top += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, height - top);
    context.fillRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, -top);
    const { data } = context.getImageData(0, 0, width, rows);
    for (let y = 0; y < rows; y += 1) onRow(data, y * width * 4);
    await onStrip((top + rows) / height);
  }
}

// A QR code of one size: version 2 (25 × 25), level Q, up to 29 characters of the alphanumeric mode.

const SIZE = 25;
const DATA_BYTES = 22;
const CHECK_BYTES = 22;
const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const LEVEL_Q = 0b11;
// Any mask may be used. An access code is random, so none reads better than another.
const MASK = 0;

function push(bits, value, length) {
  for (let i = length - 1; i >= 0; i -= 1) bits.push((value >> i) & 1);
}

function dataBits(text) {
  const bits = [];
  push(bits, 0b0010, 4);
  push(bits, text.length, 9);
  for (let i = 0; i < text.length; i += 2) {
    const first = CHARACTERS.indexOf(text[i]);
    if (i + 1 < text.length) push(bits, first * 45 + CHARACTERS.indexOf(text[i + 1]), 11);
    else push(bits, first, 6);
  }
  push(bits, 0, Math.min(4, DATA_BYTES * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  return bits;
}

function dataBytes(text) {
  const bits = dataBits(text);
  const bytes = [];
  for (let i = 0; i < bits.length; i += 8) bytes.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0xec; bytes.length < DATA_BYTES; pad ^= 0xec ^ 0x11) bytes.push(pad);
  return bytes;
}

/** Product in GF(256) with the polynomial of the QR standard. */
function multiply(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> i) & 1) * a;
  }
  return product;
}

function generator(degree) {
  let polynomial = [1];
  let root = 1;
  for (let i = 0; i < degree; i += 1) {
    const next = [...polynomial, 0];
    polynomial.forEach((factor, at) => (next[at + 1] ^= multiply(factor, root)));
    polynomial = next;
    root = multiply(root, 2);
  }
  return polynomial.slice(1);
}

/** Reed-Solomon: what is left after division. */
function checkBytes(bytes) {
  const divisor = generator(CHECK_BYTES);
  const rest = new Array(CHECK_BYTES).fill(0);
  for (const byte of bytes) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((coefficient, at) => (rest[at] ^= multiply(coefficient, factor)));
  }
  return rest;
}

function formatBits(mask) {
  const value = (LEVEL_Q << 3) | mask;
  let rest = value;
  for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  return ((value << 10) | rest) ^ 0x5412;
}

class Grid {
  constructor() {
    this.dark = Array.from({ length: SIZE }, () => new Array(SIZE).fill(0));
    this.fixed = Array.from({ length: SIZE }, () => new Array(SIZE).fill(false));
  }

  fix(row, column, dark) {
    if (row < 0 || column < 0 || row >= SIZE || column >= SIZE) return;
    this.dark[row][column] = dark ? 1 : 0;
    this.fixed[row][column] = true;
  }
}

function square(grid, centreRow, centreColumn, reach, isDark) {
  for (let r = -reach; r <= reach; r += 1) {
    for (let c = -reach; c <= reach; c += 1) {
      grid.fix(centreRow + r, centreColumn + c, isDark(Math.max(Math.abs(r), Math.abs(c))));
    }
  }
}

function drawPatterns(grid) {
  for (let i = 0; i < SIZE; i += 1) {
    grid.fix(6, i, i % 2 === 0);
    grid.fix(i, 6, i % 2 === 0);
  }
  const finder = (distance) => distance !== 2 && distance !== 4;
  square(grid, 3, 3, 4, finder);
  square(grid, 3, SIZE - 4, 4, finder);
  square(grid, SIZE - 4, 3, 4, finder);
  square(grid, SIZE - 7, SIZE - 7, 2, (distance) => distance !== 1);
}

function drawFormat(grid, mask) {
  const bits = formatBits(mask);
  const bit = (i) => (bits >> i) & 1;
  for (let i = 0; i < 8; i += 1) {
    grid.fix(i < 6 ? i : i + 1, 8, bit(i));
    grid.fix(8, SIZE - 1 - i, bit(i));
  }
  for (let i = 8; i < 15; i += 1) {
    grid.fix(8, i === 8 ? 7 : 14 - i, bit(i));
    grid.fix(SIZE - 15 + i, 8, bit(i));
  }
  grid.fix(SIZE - 8, 8, true);
}

/** Columns in pairs from the right, up and down in turn, around the vertical timing line. */
function* freeCells(grid) {
  let upward = true;
  for (let right = SIZE - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < SIZE; step += 1) {
      const row = upward ? SIZE - 1 - step : step;
      for (const column of [right, right - 1]) if (!grid.fixed[row][column]) yield [row, column];
    }
    upward = !upward;
  }
}

function drawBytes(grid, bytes) {
  let at = 0;
  for (const [row, column] of freeCells(grid)) {
    const bit = at < bytes.length * 8 ? (bytes[at >> 3] >> (7 - (at & 7))) & 1 : 0;
    grid.dark[row][column] = bit ^ ((row + column) % 2 === 0 ? 1 : 0);
    at += 1;
  }
}

/** Rows of 0 and 1, without the quiet zone. */
export function qrRows(text) {
  if (text.length > 29 || [...text].some((symbol) => !CHARACTERS.includes(symbol))) throw new RangeError("not for this size");
  const grid = new Grid();
  const bytes = dataBytes(text);
  drawPatterns(grid);
  drawFormat(grid, MASK);
  drawBytes(grid, [...bytes, ...checkBytes(bytes)]);
  return grid.dark;
}

/** One path for an SVG whose view box is 33 × 33: the code and four light modules around it. */
export function qrPath(text) {
  const parts = [];
  qrRows(text).forEach((row, y) => row.forEach((dark, x) => dark && parts.push(`M${x + 4} ${y + 4}h1v1h-1z`)));
  return parts.join("");
}

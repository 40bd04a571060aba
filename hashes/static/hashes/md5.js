// MD5 of a stream: platforms compare videos by it. Not for secrets.

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
const ORDER = Uint8Array.from({ length: 64 }, (_, i) => [i, 5 * i + 1, 3 * i + 5, 7 * i][i >> 4] % 16);
const TURNS = Uint8Array.from({ length: 64 }, (_, i) => SHIFTS[(i >> 4) * 4 + (i % 4)]);
const BLOCK = 64;

export class Md5 {
  constructor() {
    this.state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
    this.words = new Int32Array(16);
    this.pending = new Uint8Array(BLOCK);
    this.waiting = 0;
    this.length = 0;
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.waiting > 0) {
      at = Math.min(BLOCK - this.waiting, bytes.length);
      this.pending.set(bytes.subarray(0, at), this.waiting);
      this.waiting += at;
      if (this.waiting < BLOCK) return this;
      this.#block(this.pending, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#block(bytes, at);
    this.pending.set(bytes.subarray(at));
    this.waiting = bytes.length - at;
    return this;
  }

  hex() {
    const bits = BigInt(this.length) * 8n;
    const padding = new Uint8Array((this.waiting < 56 ? 56 : 120) - this.waiting + 8);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, bits, true);
    this.update(padding);
    const bytes = new Uint8Array(this.state.buffer);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  #block(bytes, start) {
    const { state, words } = this;
    for (let i = 0, at = start; i < 16; i += 1, at += 4) {
      words[i] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    for (let i = 0; i < 64; i += 1) {
      // Each quarter of the rounds mixes in its own way; the comparison is cheaper than four loops are to read.
      let mixed;
      if (i < 16) mixed = (b & c) | (~b & d);
      else if (i < 32) mixed = (b & d) | (c & ~d);
      else if (i < 48) mixed = b ^ c ^ d;
      else mixed = c ^ (b | ~d);
      const sum = (a + mixed + SINES[i] + words[ORDER[i]]) | 0;
      const turn = TURNS[i];
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
}

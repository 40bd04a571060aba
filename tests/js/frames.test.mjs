import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "../../hashes/static/hashes/frames.js";

// Numbers that look like chance and are the same each time.
function random(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

// A plane of one grey with noise in a box.
function framed(width, height, box, ground, seed = 1) {
  const chance = random(seed);
  const plane = new Float32Array(width * height).fill(ground);
  for (let y = box.top; y < box.bottom; y += 1) {
    for (let x = box.left; x < box.right; x += 1) plane[y * width + x] = chance() * 255;
  }
  return { plane, width, height };
}

for (const ground of [0, 128, 255]) {
  test(`a picture is found in a frame of ${ground}`, () => {
    const box = { left: 7, top: 30, right: 190, bottom: 210 };
    assert.deepEqual(inside(framed(200, 300, box, ground)), box);
  });
}

test("words and signs in a frame are no picture", () => {
  const box = { left: 0, top: 40, right: 200, bottom: 260 };
  const screen = framed(200, 300, box, 0);
  for (let y = 10; y < 20; y += 1) for (let x = 150; x < 190; x += 1) screen.plane[y * 200 + x] = 255;
  assert.deepEqual(inside(screen), box);
});

test("a picture without a frame has none", () => {
  assert.equal(inside(framed(200, 300, { left: 0, top: 0, right: 200, bottom: 300 }, 0)), null);
});

test("nothing but a frame holds no picture", () => {
  assert.equal(inside(framed(200, 300, { left: 0, top: 0, right: 0, bottom: 0 }, 90)), null);
});

test("any picture has a place within itself or none", () => {
  const chance = random(7);
  for (let round = 0; round < 300; round += 1) {
    const [width, height] = [1 + Math.floor(chance() * 40), 1 + Math.floor(chance() * 40)];
    const plane = Float32Array.from({ length: width * height }, () => Math.floor(chance() * 3) * 100);
    const box = inside({ plane, width, height });
    if (!box) continue;
    assert.ok(box.left >= 0 && box.left < box.right && box.right <= width);
    assert.ok(box.top >= 0 && box.top < box.bottom && box.bottom <= height);
  }
});

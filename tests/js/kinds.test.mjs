import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf } from "../../hashes/static/hashes/kinds.js";

const bytes = (text) => Uint8Array.from(text.padEnd(64, "\0"), (letter) => letter.charCodeAt(0));
const box = (brand, others = "") => bytes(`\0\0\0\x1cftyp${brand}\0\0\0\0${others}`);

const KNOWN = [
  ["a JPEG", bytes("\xff\xd8\xff\xe1"), "image", "jpeg"],
  ["a PNG", bytes("\x89PNG\r\n\x1a\n"), "image", "png"],
  ["a GIF", bytes("GIF89a"), "image", "gif"],
  ["a WebP", bytes("RIFF\x10\0\0\0WEBPVP8 "), "image", "webp"],
  ["a bitmap", bytes("BM\x10\0\0\0\0\0\0\0"), "image", "bmp"],
  ["an iPhone's picture", box("heic", "mif1heic"), "image", "heic"],
  ["an iPhone's picture under its general brand", box("mif1", "heicmif1"), "image", "heic"],
  ["an AVIF", box("avif", "mif1miaf"), "image", "avif"],
  ["an AVIF under its general brand", box("mif1", "avifmiaf"), "image", "avif"],
  ["a TIFF or a camera's raw file", bytes("II*\0"), "image", "other"],
  ["an MP4", box("isom", "isomiso2"), "video", "video"],
  ["a QuickTime film", box("qt  "), "video", "video"],
  ["a phone's 3GP", box("3gp4"), "video", "video"],
  ["a WebM", bytes("\x1a\x45\xdf\xa3"), "video", "video"],
  ["an AVI", bytes("RIFF\x10\0\0\0AVI LIST"), "video", "video"],
];

for (const [name, header, kind, format] of KNOWN) {
  test(`${name} is recognised by its bytes, whatever the system says`, () => {
    assert.deepEqual(kindOf(header, "text/plain"), { kind, format });
  });
}

test("text is no picture, even when its type claims one", () => {
  assert.equal(kindOf(bytes("Dear diary, today"), "image/jpeg"), null);
  assert.equal(kindOf(bytes("BMW owners' club"), "image/bmp"), null);
});

test("a sound in a RIFF is neither picture nor video", () => {
  assert.equal(kindOf(bytes("RIFF\x10\0\0\0WAVEfmt "), ""), null);
});

test("a video of a kind not in the list is believed", () => {
  assert.deepEqual(kindOf(bytes("something new"), "video/x-new"), { kind: "video", format: "video" });
});

test("a file of one byte is nothing", () => {
  assert.equal(kindOf(Uint8Array.of(0xff), ""), null);
});

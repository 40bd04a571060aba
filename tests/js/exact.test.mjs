// MD5 and SHA-256 of streams against node's own, wherever the stream happens to be cut.

import assert from "node:assert/strict";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { test } from "node:test";

import { Md5 } from "../../hashes/static/hashes/md5.js";
import { Sha256 } from "../../hashes/static/hashes/sha256.js";

const KINDS = [["md5", Md5], ["sha256", Sha256]];
// Around the places where padding needs a block of its own.
const LENGTHS = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100_003];

function inPieces(hash, bytes, longest) {
  for (let from = 0; from < bytes.length; ) {
    const to = from + randomInt(1, longest);
    hash.update(bytes.subarray(from, to));
    from = to;
  }
  return hash.hex();
}

for (const [name, Hash] of KINDS) {
  test(`${name} is the standard one at every length`, () => {
    for (const length of LENGTHS) {
      const bytes = randomBytes(length);
      assert.equal(new Hash().update(bytes).hex(), createHash(name).update(bytes).digest("hex"), `${length}`);
    }
  });

  test(`${name} does not depend on where the stream is cut`, () => {
    for (const longest of [2, 63, 64, 65, 130, 5000]) {
      const bytes = randomBytes(20_000);
      assert.equal(inPieces(new Hash(), bytes, longest), createHash(name).update(bytes).digest("hex"));
    }
  });

  test(`${name} counts beyond four gigabytes of bits`, () => {
    const slice = new Uint8Array(2 ** 22);
    const ours = new Hash();
    const reference = createHash(name);
    for (let i = 0; i < 130; i += 1) {
      ours.update(slice);
      reference.update(slice);
    }
    assert.equal(ours.hex(), reference.digest("hex"));
  });
}

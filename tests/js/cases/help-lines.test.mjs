import assert from "node:assert/strict";
import { test } from "node:test";
import { likelyCountry } from "../../../portal/static/portal/help-lines.js";

const countries = [
  { code: "CA", zones: ["America/Toronto"] },
  { code: "GB", zones: ["Europe/London"] },
];

test("the zone of the clock decides, then the region of a language", () => {
  assert.equal(likelyCountry(countries, "Europe/London", ["en-CA"]), "GB");
  assert.equal(likelyCountry(countries, "Asia/Tokyo", ["fr", "en-CA"]), "CA");
});

test("a language is not a country: Catalan is not Canada", () => {
  assert.equal(likelyCountry(countries, "Asia/Tokyo", ["ca"]), null);
});

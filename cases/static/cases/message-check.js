// Looks at a message on the device, before it is sent: what says who she is, and what says that she is in danger.
import { normalise } from "./access-code.js";

const SHORTEST_PART_OF_CODE = 10;
const EMAIL = /[^\s@<>()]+@[^\s@<>()]+\.[\p{L}]{2,}/u;
const PHONE = /(?:\+|\b00|\(|\b)\d(?:[\s()./-]{0,2}\d){6,14}\b/u;
// A date, a price or a count is no number to call.
const DATE = /\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b/gu;

/** Ten symbols of the code in a row, however they are written: more than chance. */
function holdsCode(text, code) {
  const whole = normalise(code);
  if (whole.length < SHORTEST_PART_OF_CODE) return false;
  const bare = normalise(text);
  for (let at = 0; at + SHORTEST_PART_OF_CODE <= whole.length; at += 1) {
    if (bare.includes(whole.slice(at, at + SHORTEST_PART_OF_CODE))) return true;
  }
  return false;
}

function escaped(words) {
  return words.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&").replace(/\s+/gu, "\\s+").replace(/['’]/gu, "['’]?");
}

/** `list` is "one|two words|three"; true if one of them stands in the text as words of their own. */
export function holdsWords(text, list) {
  const words = list.split("|").map((one) => one.trim()).filter(Boolean).map(escaped);
  if (words.length === 0) return false;
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "iu").test(text);
}

/** A house number beside a word for a street, on either side of its name. */
function holdsAddress(text, streets) {
  const words = streets.split("|").map((one) => escaped(one.trim())).filter(Boolean).join("|");
  if (!words) return false;
  const before = `\\d{1,5}\\s?[a-z]?,?\\s+(?:[\\p{L}'’.-]+\\s+){0,3}(?:${words})(?![\\p{L}\\p{N}])`;
  const after = `(?:${words})\\.?\\s+(?:[\\p{L}'’.-]+\\s+){0,3}\\d{1,5}(?![\\p{L}\\p{N}])`;
  return new RegExp(`${before}|${after}`, "iu").test(text);
}

/**
 * What a message gives away: any of "code", "name", "phone", "email", "address", in this order.
 * `words` holds the page's lists: {names, streets}.
 */
export function givenAway(text, { code = "", words }) {
  const found = [];
  if (holdsCode(text, code)) found.push("code");
  if (holdsWords(text, words.names)) found.push("name");
  if (EMAIL.test(text)) found.push("email");
  if (PHONE.test(text.replace(DATE, " "))) found.push("phone");
  if (holdsAddress(text, words.streets)) found.push("address");
  return found;
}

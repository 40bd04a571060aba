// The access code: AAAAA-BBBBB-BBBBB-BBBBC in Crockford's alphabet, the last symbol a check over GF(32).

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 20;
const GROUP = 5;
const POLYNOMIAL = 0b100101;
const READ_AS = { I: "1", L: "1", O: "0" };

// Symbols that people take for one another, on paper or by ear.
const CONFUSED = ["0DQ", "1J7", "2Z", "5S", "8B", "6G", "VWY", "MN", "38E", "PB", "CG", "KX", "4A9"];

/** The code as the check reads it: without case, spaces and hyphens, with I, L and O read as digits. */
export function normalise(typed) {
  const bare = typed.toUpperCase().replace(/[\s\-‐-―_.]+/gu, "");
  return bare.replace(/[ILO]/g, (symbol) => READ_AS[symbol]);
}

/** In groups, as it is shown; what is too long stays as it is. */
export function inGroups(code) {
  return normalise(code).match(/.{1,5}/gu)?.join("-") ?? "";
}

function timesAlpha(value) {
  const doubled = value << 1;
  return doubled & 0b100000 ? doubled ^ POLYNOMIAL : doubled;
}

/** The sum of α^i · s_i, by Horner from the last symbol; 0 for a code without a slip. */
function syndrome(symbols) {
  let sum = 0;
  for (let i = symbols.length - 1; i >= 0; i -= 1) sum = timesAlpha(sum ^ ALPHABET.indexOf(symbols[i]));
  return sum;
}

function holds(code) {
  return syndrome([...code]) === 0;
}

function likelySlips(code) {
  const found = new Set();
  for (let at = 0; at < LENGTH; at += 1) {
    const lookalikes = CONFUSED.filter((family) => family.includes(code[at])).join("");
    for (const other of lookalikes) {
      if (other !== code[at] && holds(code.slice(0, at) + other + code.slice(at + 1))) found.add(at);
    }
    const swapped = code.slice(0, at) + code.slice(at + 1, at + 2) + code[at] + code.slice(at + 2);
    if (at + 1 < LENGTH && swapped !== code && holds(swapped)) found.add(at);
  }
  return [...found];
}

/** The group, 1 to 4, that all likely slips lie in, or null: one check symbol can't say more. */
function slippedGroup(code) {
  const groups = new Set(likelySlips(code).map((at) => Math.floor(at / GROUP) + 1));
  return groups.size === 1 ? [...groups][0] : null;
}

function groupOfStranger(code) {
  const at = [...code].findIndex((symbol) => !ALPHABET.includes(symbol));
  return at < 0 ? null : Math.min(4, Math.floor(at / GROUP) + 1);
}

/**
 * What is wrong with what was typed, before any server is asked.
 * `problem` is null, "empty", "symbol", "short", "long" or "slip"; `group` the group to look at, or null.
 */
export function inspect(typed) {
  const code = normalise(typed);
  const verdict = (problem, group = null) => ({ code, problem, group });
  if (code === "") return verdict("empty");
  const strange = groupOfStranger(code);
  if (strange) return verdict("symbol", strange);
  if (code.length < LENGTH) return verdict("short", oddGroup(typed));
  if (code.length > LENGTH) return verdict("long", oddGroup(typed));
  return holds(code) ? verdict(null) : verdict("slip", slippedGroup(code));
}

/** The first group without five symbols, where the groups were typed apart. */
function oddGroup(typed) {
  const groups = typed.trim().split(/[\s\-‐-―_.]+/u);
  if (groups.length !== 4) return null;
  return groups.findIndex((group) => group.length !== GROUP) + 1 || null;
}

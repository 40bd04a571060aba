// Which key means what. Knows no page, so that it can be tried without one.

const MEANINGS = new Map([
  ["j", "next"],
  ["k", "previous"],
  ["x", "tick"],
  ["c", "claim"],
  ["e", "escalate"],
  ["n", "note"],
  ["s", "submit"],
  ["?", "help"],
]);

const WRITING = new Set(["INPUT", "TEXTAREA", "SELECT"]);
const NOT_WRITTEN_INTO = new Set(["checkbox", "radio", "button", "submit"]);

/** What a key asks for, or nothing: with a modifier, while writing, or while a dialog is open it is the browser's. */
export function meaningOf(event, { dialogOpen = false } = {}) {
  if (dialogOpen || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  if (isWrittenInto(event.target)) return null;
  return MEANINGS.get(event.key) ?? null;
}

/** The place to go to, one on or back, staying at the ends. */
export function step(place, by, length) {
  if (place < 0) return by > 0 ? 0 : length - 1;
  return Math.min(Math.max(place + by, 0), length - 1);
}

/** Whether letters are typed there. */
export function isWrittenInto(target) {
  if (target.isContentEditable) return true;
  return WRITING.has(target.tagName) && !NOT_WRITTEN_INTO.has(target.type);
}

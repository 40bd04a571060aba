// Sentences come from the page, in its language: <template id="sentences"> with one element per sentence.

const held = new Map();

function load() {
  const template = document.getElementById("sentences");
  for (const element of template.content.querySelectorAll("[data-say]")) {
    held.set(element.dataset.say, element.textContent.trim().replace(/\s+/g, " "));
  }
}

/** The sentence by its name, with {placeholders} filled. A missing one is a mistake of ours, so it is loud. */
export function say(name, values = {}) {
  if (held.size === 0) load();
  const sentence = held.get(name);
  if (sentence === undefined) throw new Error(`no sentence ${name}`);
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function hasSentence(name) {
  if (held.size === 0) load();
  return held.has(name);
}

/** "one" and "other" are enough for the languages of the page; others fall back to "other". */
export function sayCount(name, count, values = {}) {
  const form = new Intl.PluralRules(document.documentElement.lang || "en").select(count);
  return say(hasSentence(`${name}-${form}`) ? `${name}-${form}` : `${name}-other`, { ...values, count });
}

/** The device's own form of the page's language, where it has one: en-GB rather than en. */
function locale() {
  const language = document.documentElement.lang || "en";
  return navigator.languages.find((tag) => tag.split("-")[0] === language.split("-")[0]) ?? language;
}

/** A day as people around her write it. The server sends days, never times. */
export function sayDay(isoDate) {
  const day = new Date(`${isoDate}T12:00:00Z`);
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" }).format(day);
}

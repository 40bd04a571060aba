// Chooses the country of the help lines on the device: by its clock's zone, else by its languages.

/** The code of the first country that fits, or null. `countries` is [{code, zones}]. */
export function likelyCountry(countries, zone, languages) {
  const byZone = countries.find((country) => country.zones.includes(zone));
  if (byZone) return byZone.code;
  // "ca" alone is Catalan, not Canada: only what stands after a hyphen is a region.
  const regions = languages.filter((language) => language.includes("-")).map((language) => language.split("-").pop());
  const region = regions.find((code) => countries.some((country) => country.code === code));
  return region ?? null;
}

function show(box, code) {
  for (const lines of box.querySelectorAll("[data-lines]")) lines.hidden = lines.dataset.lines !== code;
}

/** Two boxes on one page agree: a country is chosen once. */
export function startHelpLines(root = document) {
  const boxes = [...root.querySelectorAll("[data-help-lines]")];
  if (boxes.length === 0) return;
  const choose = (code) => {
    for (const box of boxes) {
      box.querySelector("[data-country-field]").hidden = false;
      // The default too: a form that is reset must not forget the country.
      for (const option of box.querySelectorAll("option")) option.defaultSelected = option.selected = option.value === code;
      show(box, code);
    }
  };
  const options = [...boxes[0].querySelectorAll("option")];
  const countries = options.map((option) => ({ code: option.value, zones: option.dataset.zones.split(" ") }));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  choose(likelyCountry(countries, zone, navigator.languages ?? []) ?? options.at(-1).value);
  for (const box of boxes) box.querySelector("[data-country]").addEventListener("change", (event) => choose(event.target.value));
}

if (typeof document !== "undefined") startHelpLines();

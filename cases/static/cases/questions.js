// Reads the questions of the form into answers, and shows what depends on them.

const YES_OR_NO = new Set(["in_danger", "threatened"]);

/** What one named question says now; undefined where nothing was chosen. */
function read(form, name) {
  const chosen = [...form.querySelectorAll(`[name="${name}"]:checked`)].map((input) => input.value);
  if (name === "platforms") return chosen;
  if (name === "elsewhere") return chosen.length > 0;
  if (YES_OR_NO.has(name)) return chosen.length ? chosen[0] === "yes" : undefined;
  return chosen[0];
}

export function readAnswers(form, answers) {
  for (const name of Object.keys(answers)) answers[name] = read(form, name);
}

export function clearQuestions(within) {
  for (const input of within.querySelectorAll("input:checked")) input.checked = false;
}

/** The words beside the choices of a question, for the page that sums them up. */
export function chosenWords(form, name) {
  const labels = [...form.querySelectorAll(`[name="${name}"]:checked`)].map((input) => input.closest("label").querySelector("span"));
  return labels.map((label) => label.firstChild.textContent.trim());
}

export function showWhatDepends(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const { when, is } = part.dataset;
    part.hidden = !form.querySelector(`[name="${when}"][value="${is}"]:checked`);
  }
  for (const part of form.querySelectorAll("[data-unless]")) {
    const { unless, is } = part.dataset;
    part.hidden = Boolean(form.querySelector(`[name="${unless}"][value="${is}"]:checked`));
  }
  for (const link of form.querySelectorAll("[data-own-report]")) {
    link.hidden = !form.querySelector(`[name="platforms"][value="${link.dataset.ownReport}"]:checked`);
  }
}

/** Help moves up to the question as soon as somebody says that she is in danger; otherwise it stands below. */
export function placeHelp(form) {
  const help = form.querySelector("[data-help-card]");
  const isInDanger = form.querySelector('[name="in_danger"][value="yes"]:checked') !== null;
  const place = form.querySelector(isInDanger ? "[data-help-now]" : "[data-help-below]");
  // Moving it to where it stands would take the focus out of it.
  if (help.parentElement !== place) place.append(help);
}

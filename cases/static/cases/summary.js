// What she answered, summed up before it is sent, with a way back to each question.
import { chosenWords } from "./questions.js";
import { hasSentence, say, sayCount } from "./sentences.js";

const QUESTIONS = [
  { ask: "subject", step: "whose" },
  { ask: "age_band", step: "whose" },
  { ask: "in_danger", step: "danger" },
  { ask: "threatened", step: "threat" },
  { ask: "deadline", step: "threat", onlyIf: "threatened" },
  { ask: "posted", step: "where" },
  { ask: "places", step: "where", names: ["platforms", "elsewhere"] },
];

function row(question, answer, onChange) {
  const line = document.createElement("div");
  const term = document.createElement("dt");
  term.textContent = question;
  const words = document.createElement("dd");
  words.textContent = answer;
  const way = document.createElement("dd");
  way.className = "answers__change";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--text";
  button.textContent = say("change");
  button.setAttribute("aria-label", say("change-what", { what: question }));
  button.addEventListener("click", onChange);
  way.append(button);
  line.append(term, words, way);
  return line;
}

function isAsked({ onlyIf }, form) {
  return !onlyIf || form.querySelector(`[name="${onlyIf}"][value="yes"]:checked`) !== null;
}

function answerTo({ ask, names = [ask] }, form) {
  return names.flatMap((name) => chosenWords(form, name)).join(", ") || say("left-out");
}

/** What was asked, in the words for a parent where there are some. */
function questionTo({ ask }, subject) {
  const forChild = `ask-${ask}-child`;
  return say(subject === "for_child" && hasSentence(forChild) ? forChild : `ask-${ask}`);
}

/** `onChange` gets the step to go to. */
export function showSummary(form, body, fileCount, onChange) {
  const rows = QUESTIONS.filter((question) => isAsked(question, form)).map((question) =>
    row(questionTo(question, body.subject), answerTo(question, form), () => onChange(question.step)),
  );
  const files = row(say("ask-pictures"), sayCount("files", fileCount), () => onChange("pictures"));
  form.querySelector("[data-answers]").replaceChildren(files, ...rows);
  form.querySelector("[data-body]").textContent = JSON.stringify(body, null, 2);
}

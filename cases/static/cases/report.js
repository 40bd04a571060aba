// The report: all answers live in this page's memory until the one request that sends them.
import { Refused } from "./api.js";
import { isTouched, noAnswers, reportBody } from "./answers.js";
import { KeepCode } from "./keep-code.js";
import { showNetwork } from "./network.js";
import { Pictures } from "./pictures.js";
import { showProblems } from "./problems.js";
import { clearQuestions, placeHelp, readAnswers, showWhatDepends } from "./questions.js";
import { say, sayCount } from "./sentences.js";
import { Sending } from "./sending.js";
import { Steps } from "./steps.js";
import { showSummary } from "./summary.js";

const ORDER = ["before", "pictures", "whose", "danger", "threat", "where", "check"];
const STEP_OF_FIELD = { media: "pictures", subject: "whose", age_band: "whose", in_danger: "danger", threatened: "threat", deadline: "threat", posted: "where", platforms: "where", elsewhere: "where" };

const form = document.querySelector("[data-report]");
const frame = document.getElementById("pictures-frame");
const answers = noAnswers();
const steps = new Steps(ORDER);
const pictures = new Pictures(frame, showPictures);
const sending = new Sending(steps.section("sending"), form.dataset.api);
const keep = new KeepCode(steps.section("keep"), { onKept: letGo, onFinish: finish });
let mayLeave = false;

function letGo() {
  mayLeave = true;
}

function finish() {
  keep.wipe();
  steps.show("done");
}

function showAll() {
  showWhatDepends(form);
  placeHelp(form);
}

function body() {
  return reportBody(answers, pictures.ready, document.documentElement.lang);
}

function showPictures() {
  // What is ready the frame says itself.
  document.querySelector("[data-pictures-state]").textContent = pictures.working ? sayCount("working", pictures.working) : "";
  if (steps.current === "pictures" && !picturesProblem()) showProblems([]);
  if (steps.current === "check") sumUp();
}

function sumUp() {
  showSummary(form, body(), pictures.ready.length, (step) => go(() => steps.show(step)));
}

function picturesProblem() {
  if (pictures.ready.length || pictures.working) return null;
  return { text: say(pictures.failed ? "no-usable" : "no-pictures"), to: frame };
}

/** Every move clears old problems and reads what was answered. */
function go(move) {
  showProblems([]);
  readAnswers(form, answers);
  move();
  if (steps.current === "check") sumUp();
}

function endForAdult() {
  forget();
  steps.show("adult");
}

function next() {
  const problem = steps.current === "pictures" ? picturesProblem() : null;
  if (problem) showProblems([problem]);
  else if (steps.current === "whose" && form.elements.subject.value === "adult") endForAdult();
  else go(() => steps.next());
}

function skip() {
  clearQuestions(steps.section(steps.current));
  showAll();
  next();
}

function forget() {
  form.reset();
  showAll();
  Object.assign(answers, noAnswers());
  pictures.clear();
}

function refusalProblems({ status, errors, detail }) {
  if (status === 413) return [{ text: say("too-much"), to: () => go(() => steps.show("pictures")) }];
  const named = errors.filter(({ field }) => STEP_OF_FIELD[field?.split(".")[0]]);
  if (named.length === 0) return [{ text: detail || say("refused-generic") }];
  return named.map(({ field, detail: text }) => ({ text, to: () => go(() => steps.show(STEP_OF_FIELD[field.split(".")[0]])) }));
}

async function send() {
  if (pictures.working || pictures.ready.length === 0) {
    const text = say(pictures.working ? "still-working" : "no-pictures");
    showProblems([{ text, to: () => go(() => steps.show("pictures")) }]);
    return;
  }
  showProblems([]);
  const sent = body();
  steps.show("sending");
  try {
    const { access_code: code } = await sending.send(sent);
    keep.show(code);
    forget();
    steps.show("keep");
  } catch (error) {
    steps.show("check", { focus: false });
    showProblems(refusalProblems(error instanceof Refused ? error : { status: 0, errors: [], detail: "" }));
  }
}

function listen() {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    readAnswers(form, answers);
    showAll();
  });
  document.querySelector("[data-back]").addEventListener("click", () => go(() => steps.back()));
  for (const button of form.querySelectorAll("[data-next]")) button.addEventListener("click", next);
  for (const button of form.querySelectorAll("[data-skip]")) button.addEventListener("click", skip);
  form.querySelector("[data-send]").addEventListener("click", send);
  addEventListener("beforeunload", (event) => {
    const hasSomething = steps.current === "keep" || isTouched(answers, pictures.ready) || pictures.working > 0;
    if (!mayLeave && hasSomething) event.preventDefault();
  });
  addEventListener("reclaim:wipe", () => {
    letGo();
    Object.assign(answers, noAnswers());
    keep.wipe();
  });
}

document.querySelector("[data-scripts-failed]").remove();
form.reset();
listen();
showNetwork(document.querySelector("[data-network]"));
// Only now, so that nothing it says is missed.
frame.src = frame.dataset.frame;
steps.show(ORDER[0], { focus: false });

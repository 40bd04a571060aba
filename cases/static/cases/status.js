// Coming back with the code. It lives in this page's memory and goes into the body of each request.
import { inGroups, inspect } from "./access-code.js";
import { mediaOf } from "./answers.js";
import { newKey, post, Refused } from "./api.js";
import { Messages } from "./messages.js";
import { showNetwork } from "./network.js";
import { Pictures } from "./pictures.js";
import { furthestRung } from "./ladder.js";
import { Places } from "./places.js";
import { drawPlatforms } from "./platform-cards.js";
import { showProblems } from "./problems.js";
import { showWhatDepends } from "./questions.js";
import { hasSentence, say, sayCount, sayDay } from "./sentences.js";
import { isCertain } from "./sending.js";

const page = document.querySelector("[data-status-page]");
const frame = document.getElementById("pictures-frame");
const find = (name) => page.querySelector(`[data-${name}]`);
const pictures = new Pictures(frame, showPictures);
const LIVING = new Set(["received", "open", "closed"]);
const WITH_NEWS = new Set(["received", "open"]);
let code = "";
// A key stands for one body: each kind of request keeps its own until it was answered.
const keys = { media: newKey(), write: newKey(), tell: newKey() };
const messages = new Messages(find("messages"), { code: () => code, send: (body) => sendOnce("write", body, "message-words") });
const places = new Places(page.querySelector('[data-step="locations"]'), {
  send: (body) => sendOnce("tell", body, "places-words"),
  onSent: () => backWith("places-sent"),
});
let waiting = false;

function show(step) {
  showProblems([]);
  for (const section of page.querySelectorAll("[data-step]")) section.hidden = section.dataset.step !== step;
  if (step === "add" && !frame.src) frame.src = frame.dataset.frame;
  scrollTo({ top: 0, behavior: "instant" });
  page.querySelector(`[data-step="${step}"] h1`).focus({ preventScroll: true });
}

function wordsOfState(state, platforms) {
  const news = `news-${furthestRung(platforms)}`;
  return WITH_NEWS.has(state) && hasSentence(news) ? `${say(`state-${state}`)} ${say(news)}` : say(`state-${state}`);
}

function showReport(report) {
  const { state, withdrawal, pictures: count, platforms, received_on: receivedOn } = report;
  find("state-words").textContent = wordsOfState(state, platforms);
  find("protects").hidden = !LIVING.has(state);
  find("over").hidden = state !== "withdrawn";
  find("declined").hidden = !report.decline_reason || state !== "declined";
  if (report.decline_reason) find("declined").textContent = say(`declined-${report.decline_reason}`);
  const goesOn = report.messages_deleted_on;
  if (goesOn) find("messages-kept").textContent = say("messages-go", { day: sayDay(goesOn) });
  find("received").textContent = sayDay(receivedOn);
  find("pictures").textContent = sayCount("files", count);
  const isWaiting = withdrawal !== null && state !== "withdrawn";
  find("waiting").hidden = !isWaiting;
  find("cancel-row").hidden = !withdrawal?.cancellable;
  if (isWaiting) find("waiting-words").textContent = say("waiting", { day: sayDay(withdrawal.effective_on) });
  find("living").hidden = !LIVING.has(state);
  find("may-withdraw").hidden = isWaiting;
  messages.show(report.messages, { isOpen: LIVING.has(state) });
  // What she has not read comes first, and stays there: a page that jumps under her hand helps nobody.
  if (report.messages.some((message) => message.unread)) find("by-place").before(find("messages"));
  places.show(report.locations ?? { count: 0, authorised: false });
  drawPlatforms(find("platforms"), platforms, { isOver: state === "withdrawn" });
}

function wordsFor({ status, detail, errors = [] }) {
  if (status === 404) return say("code-unknown");
  if (status === 0 || status >= 500) return say("unreachable");
  return errors[0]?.detail || detail || say("refused-generic");
}

/** One request at a time; what goes wrong is said in the summary. True when it worked. */
async function request(name, { words, body = {} }) {
  if (waiting) return false;
  waiting = true;
  const place = find(words);
  const onState = (state) => (place.textContent = say(state));
  try {
    const key = keys[name] ?? null;
    showReport(await post(page.dataset[name], { access_code: code, ...body }, { key, onState }));
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (name in keys && isCertain(error.status)) keys[name] = newKey();
    showProblems([{ text: wordsFor(error) }]);
    if (error.status === 404 && !find("code-input").closest("section").hidden) showCodeProblem(wordsFor(error));
    return false;
  } finally {
    place.textContent = "";
    waiting = false;
  }
}

/** What is kept once however often it is sent. */
async function sendOnce(name, body, words) {
  if (!(await request(name, { words, body }))) return false;
  keys[name] = newKey();
  return true;
}

function backWith(sentence) {
  show("shown");
  find("shown-words").textContent = say(sentence);
}

function showCodeProblem(text) {
  const input = find("code-input");
  find("code-problem").textContent = text;
  input.toggleAttribute("aria-invalid", false);
  if (!text) return;
  input.setAttribute("aria-invalid", "true");
  showProblems([{ text, to: input }]);
}

function wordsOfSlip({ problem, group }) {
  const name = `code-${problem}`;
  return group && hasSentence(`${name}-group`) ? say(`${name}-group`, { group }) : say(name, { group });
}

async function open() {
  showProblems([]);
  const input = find("code-input");
  const seen = inspect(input.value);
  if (seen.problem) {
    showCodeProblem(wordsOfSlip(seen));
    return;
  }
  showCodeProblem("");
  code = inGroups(seen.code);
  if (!(await request("read", { words: "enter-words" }))) return;
  input.value = "";
  show("shown");
}

async function refresh() {
  if (await request("read", { words: "shown-words" })) find("shown-words").textContent = say("looked");
}

async function withdraw() {
  if (await request("withdraw", { words: "withdraw-words" })) show("shown");
}

async function cancelWithdrawal() {
  if (!(await request("cancel", { words: "shown-words" }))) return;
  backWith("kept");
}

function showPictures() {
  // What is ready the frame says itself.
  find("pictures-state").textContent = pictures.working ? sayCount("working", pictures.working) : "";
}

function picturesProblem() {
  if (pictures.working) return say("still-working");
  if (pictures.ready.length) return null;
  return say(pictures.failed ? "no-usable" : "no-pictures");
}

async function addPictures() {
  const problem = picturesProblem();
  if (problem) {
    showProblems([{ text: problem, to: frame }]);
    return;
  }
  const body = { media: mediaOf(pictures.ready) };
  if (!(await sendOnce("media", body, "add-words"))) return;
  pictures.clear();
  backWith("added");
}

/** Nobody takes a report back before she was asked whether somebody makes her. */
function withdrawOnceAnswered() {
  const question = page.querySelector('[name="forced"]');
  if (page.querySelector('[name="forced"]:checked')) withdraw();
  else showProblems([{ text: say("forced-first"), to: question }]);
}

/** Who may be forced finds the way to keep her report first, and large. */
function weighWithdrawal() {
  const isForced = page.querySelector('[name="forced"][value="yes"]:checked') !== null;
  const [keep, withdrawNow] = [find("keep-report"), find("withdraw-now")];
  keep.classList.toggle("button--big", isForced);
  keep.classList.toggle("button--quiet", !isForced);
  withdrawNow.classList.toggle("button--quiet", isForced);
  find("withdraw-row").prepend(isForced ? keep : withdrawNow);
}

function forget() {
  code = "";
  page.reset();
  find("platforms").replaceChildren();
  messages.forget();
  find("by-place").after(find("messages"));
  places.forget();
}

page.addEventListener("submit", (event) => {
  event.preventDefault();
  open();
});
page.addEventListener("change", () => {
  showWhatDepends(page);
  weighWithdrawal();
});
for (const button of page.querySelectorAll("[data-go]")) button.addEventListener("click", () => show(button.dataset.go));
find("refresh").addEventListener("click", refresh);
find("withdraw-now").addEventListener("click", withdrawOnceAnswered);
find("cancel-withdrawal").addEventListener("click", cancelWithdrawal);
find("send-media").addEventListener("click", addPictures);
addEventListener("reclaim:wipe", forget);
document.querySelector("[data-scripts-failed]").remove();
page.reset();
showNetwork(find("network"));
page.querySelector('[data-step="enter"]').hidden = false;

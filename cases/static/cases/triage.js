// The desk by keyboard, and what a page does by itself: tell that it is read, and let an offer to undo run out.

import { isWrittenInto, meaningOf, step } from "./triage-keys.js";

const TELL_EVERY = 30_000;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const acts = {
  next: () => move(1),
  previous: () => move(-1),
  tick: () => find(".queue__tick", currentLine() ?? document.createElement("i"))?.click(),
  claim: () => find("form[data-claim]", currentLine() ?? document)?.requestSubmit(),
  escalate: () => open("#escalate", "escalate"),
  note: () => open("[data-note]", "notes"),
  submit: submitVerdict,
  help: () => find("#keys").showModal(),
};

function currentLine() {
  return document.activeElement?.closest("[data-line]") ?? null;
}

function places() {
  const lines = all("[data-line] [data-open]");
  return lines.length ? lines : all("[data-part]");
}

function move(by) {
  const stops = places();
  const now = stops.findIndex((stop) => (stop.closest("[data-line]") ?? stop).contains(document.activeElement));
  const next = stops[step(now, by, stops.length)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** On the case page go to the part; in the queue open the chosen case there. */
function open(selector, anchor) {
  const part = find(selector);
  if (part) {
    goTo(part);
  } else if (currentLine()) {
    location.assign(`${find("[data-open]", currentLine()).href}#${anchor}`);
  }
}

function goTo(part) {
  if (part.tagName === "DETAILS") part.open = true;
  const stop = part.tagName === "DETAILS" ? find("button", part) : part;
  stop.focus();
  stop.scrollIntoView({ block: "center" });
}

function submitVerdict() {
  const form = all("form[data-verdict]").find((one) => one.closest("details").open);
  if (!form) return find("#verdicts") ? goTo(find("#verdicts")) : undefined;
  const onwards = document.createElement("input");
  Object.assign(onwards, { type: "hidden", name: "next", value: "1" });
  form.append(onwards);
  form.requestSubmit();
  // Where the browser asks for something that is missing, nothing was sent.
  onwards.remove();
}

function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isWrittenInto(event.target)) event.target.blur();
    const act = meaningOf(event, { dialogOpen: find("#keys").open });
    if (!act) return;
    event.preventDefault();
    acts[act]();
  });
  const help = find("[data-keys-help]");
  help.hidden = false;
  help.addEventListener("click", acts.help);
}

/** Once sent, a form is not sent again: a double click is one click. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
}

function letUndoRunOut() {
  const undo = find("[data-undo]");
  if (undo) setTimeout(() => undo.remove(), Number(undo.dataset.undo) * 1000);
}

function tellThatItIsRead() {
  const lookers = find("[data-lookers]");
  if (!lookers) return;
  let active = false;
  for (const sign of ["keydown", "pointerdown", "scroll"]) {
    addEventListener(sign, () => { active = true; }, { passive: true });
  }
  setInterval(async () => {
    if (document.hidden) return;
    const told = new FormData();
    told.set("csrfmiddlewaretoken", find("[name=csrfmiddlewaretoken]").value);
    if (active) told.set("active", "1");
    active = false;
    try {
      const answer = await fetch(lookers.dataset.lookers, { method: "POST", body: told });
      if (answer.ok) lookers.textContent = (await answer.json()).lookers;
    } catch {
      // Without a connection nothing is known of others; the next one tells again.
    }
  }, TELL_EVERY);
}

if ("shortcuts" in find("#desk-script").dataset) listen();
sendOnce();
letUndoRunOut();
tellThatItIsRead();
if (location.hash === "#escalate") goTo(find("#escalate"));
if (location.hash === "#notes") goTo(find("[data-note]"));

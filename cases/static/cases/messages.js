// Messages on the status page. What she types is looked at here, on her device, and warned about, never stopped.
import { calendarFile, dayAt } from "./calendar.js";
import { givenAway, holdsWords } from "./message-check.js";
import { showProblems } from "./problems.js";
import { say, sayCount, sayDay } from "./sentences.js";

const LONGEST = 4000;
const LOOK_AFTER_MS = 400;
const WARNINGS = ["code", "name", "email", "phone", "address"];

function drawMessage({ from, text, sent_on: sentOn, unread }) {
  const line = document.getElementById("message").content.firstElementChild.cloneNode(true);
  line.classList.add(`message--${from}`);
  line.querySelector(".message__who").textContent = from === "you" ? say("from-you") : say("from-desk");
  line.querySelector(".message__day").textContent = sayDay(sentOn);
  line.querySelector(".message__new").hidden = !unread;
  line.querySelector(".message__text").textContent = text;
  return line;
}

/** `code()` gives the code that opened the page, `send(body)` resolves with true when the server kept it. */
export class Messages {
  #place;
  #text;
  #danger;
  #code;
  #send;
  #timer = 0;
  #warned = "";

  constructor(place, { code, send }) {
    this.#place = place;
    this.#text = this.#find("message-text");
    this.#danger = this.#find("message-danger");
    this.#code = code;
    this.#send = send;
    this.#text.addEventListener("input", () => this.#lookSoon());
    this.#danger.addEventListener("change", () => this.#showHelp());
    this.#find("send-message").addEventListener("click", () => this.#press());
    this.#find("change-message").addEventListener("click", () => this.#change());
    this.#find("send-anyway").addEventListener("click", () => this.#go());
    this.#find("make-reminder").addEventListener("click", () => this.#remind());
  }

  #find(name) {
    return this.#place.querySelector(`[data-${name}]`);
  }

  get #words() {
    return { names: say("words-name"), streets: say("words-street") };
  }

  show(messages, { isOpen }) {
    const unread = messages.filter((message) => message.unread);
    const known = messages.filter((message) => !message.unread);
    this.#find("unread").hidden = unread.length === 0;
    if (unread.length) this.#find("unread-title").textContent = sayCount("unread", unread.length);
    this.#find("unread-thread").replaceChildren(...unread.map(drawMessage));
    this.#find("thread").replaceChildren(...known.map(drawMessage));
    this.#find("no-messages").hidden = messages.length > 0;
    this.#find("compose").hidden = !isOpen;
    this.#find("messages-over").hidden = isOpen;
  }

  forget() {
    clearTimeout(this.#timer);
    for (const name of ["unread-thread", "thread"]) this.#find(name).replaceChildren();
    this.#clear();
  }

  #clear() {
    this.#text.value = "";
    this.#danger.checked = false;
    this.#showWarnings([]);
    this.#showHelp();
  }

  #lookSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#showHelp(), LOOK_AFTER_MS);
    if (!this.#find("warnings").hidden) this.#showWarnings([]);
  }

  #showHelp() {
    const isHeard = this.#danger.checked || holdsWords(this.#text.value, say("words-danger"));
    const help = this.#find("danger-help");
    if (help.hidden && isHeard) this.#find("danger-heard").textContent = say("danger-heard");
    if (!isHeard) this.#find("danger-heard").textContent = "";
    help.hidden = !isHeard;
  }

  #showWarnings(found) {
    for (const kind of WARNINGS) this.#find(`warning-${kind}`).hidden = !found.includes(kind);
    const box = this.#find("warnings");
    box.hidden = found.length === 0;
    this.#find("send-message").hidden = found.length > 0;
    if (found.length) box.focus();
  }

  #press() {
    showProblems([]);
    this.#showHelp();
    const text = this.#text.value.trim();
    const problem = text === "" ? say("message-empty") : text.length > LONGEST ? say("message-long") : null;
    if (problem) {
      showProblems([{ text: problem, to: this.#text }]);
      return;
    }
    const found = givenAway(text, { code: this.#code(), words: this.#words });
    if (found.length && this.#warned !== text) {
      this.#warned = text;
      this.#showWarnings(found);
      return;
    }
    this.#go();
  }

  #change() {
    this.#showWarnings([]);
    this.#text.focus();
  }

  async #go() {
    const saidDanger = this.#danger.checked;
    const isKept = await this.#send({ text: this.#text.value.trim(), danger: saidDanger });
    if (!isKept) return;
    this.#clear();
    this.#find("message-words").textContent = saidDanger ? say("message-sent-danger") : say("message-sent");
    this.#find("send-message").focus();
  }

  #remind() {
    const days = Number(this.#find("reminder-day").value);
    const time = /^\d{2}:\d{2}$/.test(this.#find("reminder-time").value) ? this.#find("reminder-time").value : "16:30";
    const now = new Date();
    const text = calendarFile({ title: this.#find("reminder-title").value, at: dayAt(now, days, time), now, id: crypto.randomUUID() });
    const address = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "event.ics";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    this.#find("reminder-words").textContent = say("reminder-made");
  }
}

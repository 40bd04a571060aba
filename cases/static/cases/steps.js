// One step at a time on one page: shows it, moves the focus to its heading, says how far it is.
import { say } from "./sentences.js";

/** `order` names the questions; other steps stand outside and have neither number nor way back. */
export class Steps {
  #order;
  #sections = new Map();
  current = null;

  constructor(order) {
    this.#order = order;
    for (const section of document.querySelectorAll("[data-step]")) this.#sections.set(section.dataset.step, section);
  }

  section(name) {
    return this.#sections.get(name);
  }

  show(name, { focus = true } = {}) {
    this.current = name;
    for (const [step, section] of this.#sections) section.hidden = step !== name;
    this.#showProgress(this.#order.indexOf(name));
    if (!focus) return;
    scrollTo({ top: 0, behavior: "instant" });
    this.section(name).querySelector("h1").focus({ preventScroll: true });
  }

  #showProgress(at) {
    document.querySelector("[data-progress]").hidden = at < 0;
    document.querySelector("[data-back-row]").hidden = at < 1;
    if (at < 0) return;
    document.querySelector("[data-progress-words]").textContent = say("step-of", { step: at + 1, steps: this.#order.length });
    const bar = document.querySelector("[data-progress-bar]");
    bar.max = this.#order.length;
    bar.value = at + 1;
  }

  next() {
    this.show(this.#order[this.#order.indexOf(this.current) + 1]);
  }

  back() {
    this.show(this.#order[this.#order.indexOf(this.current) - 1]);
  }
}

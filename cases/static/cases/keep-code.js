// The code, shown once: nobody goes on before it was kept in one way.
import { normalise } from "./access-code.js";
import { showProblems } from "./problems.js";
import { qrPath } from "./qr.js";
import { say } from "./sentences.js";

const SVG = "http://www.w3.org/2000/svg";

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function drawCode(place, code) {
  const groups = code.split("-");
  // On a narrow screen it breaks in the middle and nowhere else; there the line end stands for the hyphen.
  const first = part("code__half", groups.slice(0, 2).join("-"));
  first.append(part("code__joint", "-"));
  place.replaceChildren(first, part("code__half", groups.slice(2).join("-")));
}

function drawQr(place, code) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 33 33");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("qr-name"));
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", qrPath(code));
  path.setAttribute("fill", "#000000");
  svg.append(path);
  place.replaceChildren(svg);
}

function download(code) {
  const address = URL.createObjectURL(new Blob([`${code}\n${say("note-line")}\n`], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "notes.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Shows the code in its step and calls `onKept` once; `onFinish` when she goes on after that. */
export class KeepCode {
  #step;
  #code = "";
  #kept = false;
  #onKept;

  constructor(step, { onKept, onFinish }) {
    this.#step = step;
    this.#onKept = onKept;
    for (const button of step.querySelectorAll("[data-keep]")) button.addEventListener("click", () => this.#keep(button));
    this.#typed.addEventListener("input", () => this.#compare());
    step.querySelector("[data-finish]").addEventListener("click", () => this.#finish(onFinish));
  }

  get #typed() {
    return this.#step.querySelector("[data-typed-back]");
  }

  show(code) {
    this.#code = code;
    drawCode(this.#step.querySelector("[data-code]"), code);
  }

  wipe() {
    this.#code = "";
    this.#typed.value = "";
    this.#step.querySelector("[data-code]").replaceChildren();
    this.#step.querySelector("[data-qr]").replaceChildren();
  }

  async #keep(button) {
    const way = button.dataset.keep;
    if (way === "copy") {
      const copied = await navigator.clipboard.writeText(this.#code).then(() => true, () => false);
      if (!copied) return this.#tell("copy-failed");
    }
    if (way === "download") download(this.#code);
    if (way === "qr") this.#showQr(button);
    return this.#markKept(`kept-${way}`);
  }

  #showQr(button) {
    const place = this.#step.querySelector("[data-qr]");
    drawQr(place, this.#code);
    place.hidden = false;
    button.setAttribute("aria-expanded", "true");
  }

  #compare() {
    const typed = normalise(this.#typed.value);
    if (typed.length < 4) return;
    if (normalise(this.#code).endsWith(typed)) this.#markKept("kept-typed");
    else this.#tell("typed-wrong");
  }

  #markKept(sentence) {
    this.#tell(sentence);
    showProblems([]);
    if (!this.#kept) this.#onKept();
    this.#kept = true;
  }

  #tell(sentence) {
    this.#step.querySelector("[data-kept-words]").textContent = say(sentence);
  }

  #finish(onFinish) {
    if (this.#kept) onFinish();
    else showProblems([{ text: say("not-kept"), to: this.#step.querySelector("[data-keep]") }]);
  }
}

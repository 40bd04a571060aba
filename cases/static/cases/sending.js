// Sending the report: one body, one key, repeated until the server has answered.
import { newKey, post, Refused } from "./api.js";
import { say } from "./sentences.js";

/** Whether it is certain that the server kept nothing, so that the report may be changed. */
export function isCertain(status) {
  return status >= 400 && status < 500 && status !== 409 && status !== 429 && status !== 428;
}

export class Sending {
  #step;
  #address;
  #key = newKey();

  constructor(step, address) {
    this.#step = step;
    this.#address = address;
  }

  /** Resolves with the server's answer. Throws Refused only if the report was certainly not kept. */
  async send(body) {
    for (;;) {
      try {
        this.#showBusy(true);
        return await post(this.#address, body, { key: this.#key, onState: (state) => this.#tell(state) });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (isCertain(error.status)) {
          // What is sent next may differ, and a key stands for one body.
          this.#key = newKey();
          throw error;
        }
        this.#tell("unreachable");
        await this.#untilAskedAgain();
      }
    }
  }

  #tell(sentence) {
    this.#step.querySelector("[data-sending-words]").textContent = say(sentence);
  }

  #showBusy(isBusy) {
    this.#step.querySelector("[data-sending-sign]").hidden = !isBusy;
    this.#step.querySelector("[data-sending-again]").hidden = isBusy;
  }

  #untilAskedAgain() {
    this.#showBusy(false);
    const button = this.#step.querySelector("[data-try-again]");
    button.focus();
    return new Promise((resolve) => button.addEventListener("click", resolve, { once: true }));
  }
}

// Where copies are, and her leave to sign for her. Nothing is kept on the device.
import { showProblems } from "./problems.js";
import { say, sayCount } from "./sentences.js";

const AT_MOST = 20;

/** `send(body)` resolves with true when the server kept it. */
export class Places {
  #place;
  #send;
  #told = 0;
  #drawn = 0;

  constructor(place, { send, onSent }) {
    this.#place = place;
    this.#send = send;
    this.#find("another-place").addEventListener("click", () => this.#add().querySelector("textarea").focus());
    this.#find("send-places").addEventListener("click", async () => {
      if (await this.#press()) onSent();
    });
    this.#add();
  }

  #find(name) {
    return this.#place.querySelector(`[data-${name}]`);
  }

  get #rows() {
    return [...this.#place.querySelectorAll("[data-place]")];
  }

  /** What the server holds: a number and her tick; the words themselves never come back. */
  show({ count, authorised }) {
    this.#told = count;
    const words = count ? sayCount("places", count) : say("places-none");
    this.#find("places-told").textContent = `${words} ${this.#whatFollows(count, authorised)}`;
    if (count) this.#find("authorised").checked = authorised;
  }

  forget() {
    for (const row of this.#rows) row.remove();
    this.#find("authorised").checked = false;
    this.#add();
  }

  #whatFollows(count, authorised) {
    if (count && authorised) return say("notice-can");
    return count ? say("notice-needs-tick") : say("notice-needs-both");
  }

  #add() {
    const row = document.getElementById("place").content.firstElementChild.cloneNode(true);
    this.#drawn += 1;
    for (const name of ["platform", "where"]) {
      const id = `place-${name}-${this.#drawn}`;
      row.querySelector(`[data-label-${name}]`).htmlFor = id;
      row.querySelector(`[data-${name}]`).id = id;
    }
    row.querySelector("legend").textContent = say("place-number", { number: this.#rows.length + 1 });
    this.#find("places-rows").append(row);
    this.#find("another-place").hidden = this.#rows.length >= AT_MOST;
    return row;
  }

  #read() {
    return this.#rows
      .map((row) => ({
        platform: row.querySelector("[data-platform]").value || null,
        where: row.querySelector("[data-where]").value.trim(),
      }))
      .filter(({ where }) => where !== "");
  }

  async #press() {
    showProblems([]);
    const locations = this.#read();
    if (locations.length === 0 && this.#told === 0) {
      showProblems([{ text: say("places-empty"), to: this.#rows[0].querySelector("[data-where]") }]);
      return false;
    }
    if (!(await this.#send({ locations, authorised: this.#find("authorised").checked }))) return false;
    const isAuthorised = this.#find("authorised").checked;
    this.forget();
    this.#find("authorised").checked = isAuthorised;
    return true;
  }
}

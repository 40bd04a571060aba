// The list of files as a person sees it. All sentences come from <template> elements of the page.

const BUTTONS = ["cancel", "retry", "remove"];
const SHOWN = {
  queued: ["cancel"],
  working: ["cancel"],
  done: ["remove"],
  problem: ["retry", "remove"],
};
// Trying again gives the same answer for these.
const LASTING = new Set(["empty", "not_a_picture", "duplicate"]);

export class Rows {
  constructor(page, actions) {
    this.page = page;
    this.actions = actions;
    this.list = page.getElementById("file-list");
    this.summary = page.getElementById("summary");
    this.limitWarning = page.getElementById("limit-warning");
    this.byId = new Map();
    this.spoken = "";
  }

  show(file) {
    const row = this.byId.get(file.id) ?? this.#added(file);
    const part = (name) => row.querySelector(`.file__${name}`);
    row.dataset.status = file.status;
    part("progress").value = file.progress;
    part("progress").hidden = !["queued", "working"].includes(file.status);
    setText(part("status"), this.#sentence(`status-${statusOf(file)}`));
    setText(part("problem"), file.problem ? this.#sentence(`problem-${file.problem}`) : "");
    part("problem").hidden = !file.problem;
    this.#showButtons(row, file);
  }

  // Focus goes to the neighbour, else a person at the keyboard would be thrown to the top of the page.
  remove(id, otherwise) {
    const row = this.byId.get(id);
    const hadFocus = row.contains(this.page.activeElement);
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.byId.delete(id);
    if (hadFocus) (neighbour?.querySelector("button:not([hidden])") ?? otherwise).focus();
  }

  warnOfLimit(refused) {
    this.limitWarning.hidden = !refused;
    setText(this.limitWarning, refused ? this.#sentence("limit") : "");
  }

  // Spoken by screen readers, so it changes only when a file is finished or gone.
  summarise({ total, ready }) {
    const text = total === 0 ? "" : this.#sentence("summary").replace("{ready}", ready).replace("{total}", total);
    setText(this.summary, text);
  }

  #added(file) {
    const row = this.page.getElementById("file-row").content.firstElementChild.cloneNode(true);
    const name = row.querySelector(".file__name");
    name.textContent = file.file.name;
    name.id = `${file.id}-name`;
    row.querySelector(".file__progress").setAttribute("aria-labelledby", name.id);
    for (const action of BUTTONS) {
      const button = row.querySelector(`[data-action="${action}"]`);
      button.id = `${file.id}-${action}`;
      button.setAttribute("aria-labelledby", `${button.id} ${name.id}`);
      button.addEventListener("click", () => this.actions[action](file.id));
    }
    this.byId.set(file.id, row);
    this.list.append(row);
    return row;
  }

  #showButtons(row, { status, problem }) {
    const focused = this.page.activeElement;
    for (const action of BUTTONS) {
      const wanted = SHOWN[status].includes(action) && !(action === "retry" && LASTING.has(problem));
      row.querySelector(`[data-action="${action}"]`).hidden = !wanted;
    }
    // A button that vanishes under the finger hands its focus to the one that took its place.
    if (focused?.hidden && row.contains(focused)) row.querySelector("button:not([hidden])")?.focus();
  }

  #sentence(name) {
    const template = this.page.getElementById(`say-${name}`) ?? this.page.getElementById("say-problem-failed");
    return template.content.textContent.trim();
  }
}

// Only a picture that the browser could look at can be found again after it was changed.
function statusOf({ status, kind, problem }) {
  return status === "done" && (kind === "video" || problem) ? "done-exact" : status;
}

// Writing the same text again would make a screen reader say it again.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

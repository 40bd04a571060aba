// The page's side of the frame that touches pixels: it hears ids, states and fingerprints, never a file.

const STATES = new Set(["queued", "working", "done", "problem"]);

/** Follows one frame. `onChange` is called after each message that changed the list. */
export class Pictures {
  #files = new Map();
  #frame;
  #onChange;

  constructor(frame, onChange) {
    this.#frame = frame;
    this.#onChange = onChange;
    addEventListener("message", (event) => this.#hear(event));
  }

  #hear({ origin, source, data }) {
    if (origin !== location.origin || source !== this.#frame.contentWindow) return;
    if (data?.type === "height" && data.px > 0) this.#frame.height = Math.ceil(data.px);
    if (data?.type === "file" && STATES.has(data.status)) this.#files.set(data.id, data);
    if (data?.type === "removed") this.#files.delete(data.id);
    if (data?.type === "file" || data?.type === "removed") this.#onChange();
  }

  /** Files whose fingerprints are ready. */
  get ready() {
    return [...this.#files.values()].filter((file) => file.status === "done" && file.fingerprints?.length > 0);
  }

  get working() {
    return [...this.#files.values()].filter((file) => file.status === "queued" || file.status === "working").length;
  }

  get failed() {
    return [...this.#files.values()].filter((file) => file.status === "problem").length;
  }

  /** Share of the work that is done, 0 to 1. */
  get progress() {
    const files = [...this.#files.values()].filter((file) => file.status !== "problem");
    if (files.length === 0) return 0;
    return files.reduce((sum, file) => sum + (file.status === "done" ? 1 : (file.progress ?? 0)), 0) / files.length;
  }

  /** Forget all: the frame starts anew and its files are gone. */
  clear() {
    this.#files.clear();
    this.#onChange();
    this.#frame.contentWindow?.location.reload();
  }
}

// The chosen files and where each of them stands. Knows no page: `changed(file)` is called at each change.

const UNFINISHED = new Set(["queued", "working"]);

function fresh(id, file) {
  return { id, file, status: "queued", progress: 0, kind: null, problem: null, fingerprints: null };
}

export class Files {
  constructor(limit, changed) {
    this.limit = limit;
    this.changed = changed;
    this.byId = new Map();
    this.last = 0;
    this.workerFailed = false;
  }

  // Takes as many as the limit allows and says how many it refused.
  add(chosen) {
    const room = Math.max(0, this.limit - this.byId.size);
    const added = chosen.slice(0, room).map((file) => {
      this.last += 1;
      const entry = fresh(`file-${this.last}`, file);
      this.byId.set(entry.id, entry);
      return entry;
    });
    added.forEach(this.changed);
    return { added, refused: chosen.length - added.length };
  }

  has(id) {
    return this.byId.has(id);
  }

  isUnfinished(id) {
    return UNFINISHED.has(this.byId.get(id)?.status);
  }

  remove(id) {
    this.byId.delete(id);
  }

  // The file, queued again, or null where there is nothing to repeat.
  retried(id) {
    const entry = this.byId.get(id);
    if (entry?.status !== "problem") return null;
    return this.#change(entry, fresh(id, entry.file));
  }

  failUnfinished() {
    this.workerFailed = true;
    for (const entry of this.byId.values()) {
      if (UNFINISHED.has(entry.status)) this.#change(entry, { status: "problem", problem: "failed" });
    }
  }

  // What the worker says. A file may be gone by the time its result comes.
  hear({ type, id, ...said }) {
    const entry = this.byId.get(id);
    if (!entry || !UNFINISHED.has(entry.status)) return;
    if (type === "progress") this.#change(entry, { status: "working", ...said });
    if (type === "cancelled") this.#change(entry, { status: "problem", problem: "cancelled" });
    if (type === "problem") this.#change(entry, { status: "problem", problem: said.problem });
    if (type === "done") this.#finish(entry, said);
  }

  counts() {
    const all = [...this.byId.values()];
    return { total: all.length, ready: all.filter(({ status }) => status === "done").length };
  }

  #finish(entry, said) {
    if (this.#isAlreadyThere(entry, said.fingerprints)) {
      this.#change(entry, { status: "problem", kind: said.kind, problem: "duplicate" });
    } else {
      this.#change(entry, { status: "done", progress: 1, ...said });
    }
  }

  #isAlreadyThere(entry, fingerprints) {
    const exact = exactOf(fingerprints);
    const done = [...this.byId.values()].filter((other) => other !== entry && other.status === "done");
    return done.some((other) => exactOf(other.fingerprints) === exact);
  }

  #change(entry, over) {
    Object.assign(entry, over);
    this.changed(entry);
    return entry;
  }
}

function exactOf(fingerprints) {
  return fingerprints.find(({ algorithm }) => algorithm === "sha256").value;
}

// The error summary: what to look at, with a way there, read out and focused.
import { say } from "./sentences.js";

/** `problems` is [{text, to}], `to` an element or an action; an empty list clears the summary. */
export function showProblems(problems) {
  const place = document.querySelector("[data-problems]");
  place.replaceChildren();
  if (problems.length === 0) return;
  const box = document.createElement("div");
  box.className = "error-summary";
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  const title = document.createElement("h2");
  title.textContent = say("problem-title");
  const list = document.createElement("ul");
  list.append(...problems.map(entry));
  box.append(title, list);
  place.append(box);
  box.focus();
  box.scrollIntoView({ block: "center" });
}

function entry({ text, to = null }) {
  const line = document.createElement("li");
  if (!to) {
    line.textContent = text;
    return line;
  }
  const link = document.createElement("button");
  link.type = "button";
  link.className = "button button--text";
  link.textContent = text;
  link.addEventListener("click", () => (typeof to === "function" ? to() : to.focus()));
  line.append(link);
  return line;
}

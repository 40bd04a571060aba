// Draws the ladder of each platform in plain words.
import { newsFirst, onlyAsks, rungsOf } from "./ladder.js";
import { hasSentence, say, sayDay } from "./sentences.js";

function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function nameOf(slug) {
  const known = document.getElementById("platform-names").content.querySelector(`[data-slug="${CSS.escape(slug)}"]`);
  return known?.textContent ?? slug;
}

/** What its keys may do; undefined for a place that has none any more. */
function scopesOf(slug) {
  const known = document.getElementById("platform-scopes").content.querySelector(`[data-slug="${CSS.escape(slug)}"]`);
  return known?.dataset.scopes.split(" ");
}

function nameOfRung({ rung, when }) {
  return when === "later" && hasSentence(`rung-${rung}-later`) ? say(`rung-${rung}-later`) : say(`rung-${rung}`);
}

function whyItIsNotWithdrawn(rung, asks) {
  if (asks) return say("rung-never-kept");
  return say(rung === "sent" ? "rung-never-fetched" : "rung-not-yet-withdrawn");
}

function whyOf(rung, { reason, isOver, scopes = [] }) {
  const asks = onlyAsks(scopes);
  if (isOver && rung !== "withdrawn") return whyItIsNotWithdrawn(rung, asks);
  const whyAsks = `rung-${rung}-why-asks`;
  const why = say(asks && hasSentence(whyAsks) ? whyAsks : `rung-${rung}-why`);
  return reason && hasSentence(`reason-${reason}`) ? `${why} ${say(`reason-${reason}`)}` : why;
}

function drawRung(step, about) {
  const line = copyOf("rung");
  line.classList.add(`rung--${step.when}`);
  const state = document.createElement("span");
  state.className = "for-ears";
  state.textContent = `${say({ past: "step-done", now: "step-now", later: "step-later" }[step.when])} `;
  line.querySelector(".rung__name").append(state, nameOfRung(step));
  if (step.when === "now") {
    line.setAttribute("aria-current", "step");
    line.querySelector(".rung__why").textContent = whyOf(step.rung, about);
    line.querySelector(".rung__help").hidden = step.rung !== "not_blocked" || about.isOver;
  }
  return line;
}

function drawPlatform({ platform, rung, reason, changed_on: changedOn }, isOver) {
  const card = copyOf("platform-card");
  card.querySelector(".platform__name").textContent = nameOf(platform);
  card.querySelector(".platform__changed").textContent =
    rung === "sent" ? say("no-news") : say("changed-on", { day: sayDay(changedOn) });
  const about = { reason, isOver, scopes: scopesOf(platform) };
  card.querySelector(".ladder").append(...rungsOf(rung, about).map((step) => drawRung(step, about)));
  return card;
}

export function drawPlatforms(place, platforms, { isOver }) {
  if (platforms.length > 0) {
    place.replaceChildren(...newsFirst(platforms).map((platform) => drawPlatform(platform, isOver)));
    return;
  }
  const empty = document.createElement("p");
  empty.className = "note";
  empty.textContent = say("no-platforms");
  place.replaceChildren(empty);
}

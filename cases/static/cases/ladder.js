// The rungs of one platform, from what the server says: which are behind, which is now, which may come.

const UP_TO_CHECKING = ["sent", "collected", "watching", "checking"];
// From the least news to the most.
const BY_NEWS = ["sent", "collected", "watching", "withdrawn", "not_blocked", "checking", "blocked"];
const ALL_SCOPES = ["feed", "match", "feedback"];

/** Whether a place never reads the list but asks about one picture at a time. */
export function onlyAsks(scopes) {
  return scopes.includes("match") && !scopes.includes("feed");
}

/** Whether a place with these scopes can ever get there: collecting needs the list, and so does telling what came of it. */
function canReach(rung, scopes) {
  if (rung === "collected") return scopes.includes("feed");
  if (rung === "checking" || rung === "blocked") return scopes.includes("feed") && scopes.includes("feedback");
  return true;
}

/**
 * A list of {rung, when}, `when` being "past", "now" or "later". Once a report is withdrawn, nothing more may come.
 * Where a place stands is always shown, whatever its scopes are today.
 */
export function rungsOf(now, { isOver = false, scopes = ALL_SCOPES } = {}) {
  if (now === "withdrawn") return [{ rung: "withdrawn", when: "now" }];
  const hasOutcome = now === "blocked" || now === "not_blocked";
  const before = UP_TO_CHECKING.filter((rung) => rung === now || canReach(rung, scopes));
  if (hasOutcome) return [...before.map((rung) => ({ rung, when: "past" })), { rung: now, when: "now" }];
  const at = before.indexOf(now);
  const when = (place) => (place < at ? "past" : place === at ? "now" : "later");
  const rungs = before.map((rung, place) => ({ rung, when: when(place) }));
  if (canReach("blocked", scopes)) rungs.push({ rung: "blocked", when: "later" });
  return isOver ? rungs.filter((step) => step.when !== "later") : rungs;
}

/** The places with the most news first; those with equal news stay as they were. */
export function newsFirst(platforms) {
  return [...platforms].sort((one, other) => BY_NEWS.indexOf(other.rung) - BY_NEWS.indexOf(one.rung));
}

/** The best that is known of any place. */
export function furthestRung(platforms) {
  return newsFirst(platforms)[0]?.rung ?? "sent";
}

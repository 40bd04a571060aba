// The way out, on every page for reporters. A plain script in the head, so that it works before the rest has come.
(() => {
  const presses = [];
  const WITHIN_MS = 5000;
  let leaving = false;

  const exitLink = () => document.querySelector("[data-quick-exit]");

  // White at once: the next page may take seconds to answer.
  function wipe() {
    window.dispatchEvent(new Event("reclaim:wipe"));
    document.documentElement.className = "is-wiped";
    document.body?.replaceChildren();
  }

  function leave() {
    if (leaving) return;
    leaving = true;
    const address = exitLink()?.href ?? "about:blank";
    wipe();
    // Not `href`: this page must not stay in the history, where Back would find it.
    window.location.replace(address);
  }

  function countPress(isShift, at) {
    if (!isShift) {
      presses.length = 0;
      return;
    }
    presses.push(at);
    while (at - presses[0] > WITHIN_MS) presses.shift();
    if (presses.length >= 3) leave();
  }

  function onKey(event) {
    if (!event.repeat) countPress(event.key === "Shift", event.timeStamp);
  }

  // From the frame that holds the file input: its keys are not heard here.
  function onFrameKey({ origin, data, timeStamp }) {
    if (origin === window.location.origin && data?.type === "key") countPress(data.shift, timeStamp);
  }

  function followWithoutHistory(event) {
    const link = event.target.closest?.("a[data-replace]");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    window.location.replace(link.href);
  }

  function onClick(event) {
    if (event.target.closest?.("[data-quick-exit]")) {
      event.preventDefault();
      leave();
      return;
    }
    followWithoutHistory(event);
  }

  // Come back to by Back from another site: nothing of ours shows until somebody asks for it.
  function cameBackFromElsewhere() {
    const [visit] = performance.getEntriesByType("navigation");
    if (visit?.type !== "back_forward") return false;
    return !window.navigation?.canGoForward;
  }

  // The scripts that a page needs take this note away; it shows only where they could not run.
  function tellThatScriptsFailed() {
    for (const note of document.querySelectorAll("[data-scripts-failed]")) note.hidden = false;
  }

  window.addEventListener("load", tellThatScriptsFailed);
  window.addEventListener("keydown", onKey, true);
  window.addEventListener("message", onFrameKey);
  window.addEventListener("click", onClick, true);
  window.addEventListener("reclaim:leave", leave);
  // A page kept alive in the back/forward cache would come back with everything in it.
  window.addEventListener("pagehide", (event) => event.persisted && wipe());
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  if (cameBackFromElsewhere()) document.documentElement.className = "is-covered";
})();

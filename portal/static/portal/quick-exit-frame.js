// Keys pressed inside a frame never reach the page around it, so the frame passes on that Shift was pressed.
addEventListener("keydown", ({ key, repeat }) => {
  if (parent !== window && !repeat) parent.postMessage({ type: "key", shift: key === "Shift" }, location.origin);
});

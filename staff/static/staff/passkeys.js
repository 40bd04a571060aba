// allauth says in an event when a passkey did not work; without this only the console would know.
document.addEventListener("allauth.error", () => {
  const failed = document.querySelector("[data-passkey-failed]");
  if (failed) {
    failed.hidden = false;
  }
});

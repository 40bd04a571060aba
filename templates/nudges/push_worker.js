/* Shows that there is a tip. It says one thing only, whatever it is sent. */
const TEXT = "{{ text|escapejs }}";
const PAGE = "/teen/";

self.addEventListener("push", (event) => {
  // A second one with the same tag takes the place of the first, without a sound.
  event.waitUntil(self.registration.showNotification(TEXT, { tag: "privacy-nudge", silent: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

async function open() {
  const windows = await self.clients.matchAll({ type: "window" });
  const inbox = windows.find((one) => new URL(one.url).pathname === PAGE);
  return inbox ? inbox.focus() : self.clients.openWindow(PAGE);
}

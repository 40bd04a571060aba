/* The switch for pushes on this browser. It is off until she turns it on; without it nothing is registered. */
const WORKER = "/teen/push-worker.js";
const SCOPE = "/teen/";

const box = document.querySelector("[data-push]");
if (box && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  start(box).catch(() => say(box, "failed"));
}

async function start(box) {
  box.hidden = false;
  box.querySelector("[data-push-allow]").addEventListener("submit", (event) => turnOn(event, box));
  box.querySelector("[data-push-stop]").addEventListener("submit", (event) => turnOff(event, box));
  const current = await subscription();
  if (current && !isOurs(current, box.dataset.push)) {
    // The portal has another key by now: what was turned on under the old one brings nothing any more.
    await current.unsubscribe();
    return show(box, "off");
  }
  show(box, current ? "on" : Notification.permission === "denied" ? "denied" : "off");
}

async function turnOn(event, box) {
  event.preventDefault();
  const form = event.currentTarget;
  try {
    const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const made = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(box.dataset.push),
    });
    const { endpoint, keys } = made.toJSON();
    fill(form, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
    form.submit();
  } catch {
    if (Notification.permission === "denied") show(box, "denied");
    else say(box, "failed");
  }
}

async function turnOff(event, box) {
  event.preventDefault();
  const form = event.currentTarget;
  try {
    const current = await subscription();
    if (current) {
      fill(form, { endpoint: current.endpoint });
      await current.unsubscribe();
    }
    form.submit();
  } catch {
    say(box, "failed");
  }
}

async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return registration ? registration.pushManager.getSubscription() : null;
}

function isOurs(current, key) {
  const known = current.options && current.options.applicationServerKey;
  return !known || new Uint8Array(known).toString() === bytes(key).toString();
}

function fill(form, values) {
  for (const [name, value] of Object.entries(values)) form.elements.namedItem(name).value = value;
}

function show(box, state) {
  for (const part of box.querySelectorAll("[data-push-when]")) part.hidden = part.dataset.pushWhen !== state;
}

function say(box, what) {
  box.querySelector("[data-push-problem]").hidden = what !== "failed";
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

// Says whether the device is online, for everybody who wants to see that nothing is sent meanwhile.
import { say } from "./sentences.js";

export function showNetwork(element) {
  const show = () => {
    element.dataset.online = String(navigator.onLine);
    element.textContent = say(navigator.onLine ? "network-on" : "network-off");
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

/** The button that lets this device show notifications, with a sentence for every answer of the browser. */

import { canShow, isOnDevice, turnOff, turnOn } from "./device_notices.js";

const SENTENCES = {
  none: "This browser cannot show notifications of this site. They are counted at the bell above, and listed here.",
  denied: "This browser blocks notifications of this site. Allow them in its settings for this site, then press again.",
  on: "Shown on this device while no page of this site is looked at, as long as one is open.",
  off: "A word on this device while no page of this site is looked at, as long as one is open.",
};

/** Make `place` (a button, a sentence) work; without a script it is not shown. */
export function offerDeviceNotices(place) {
  const [button, sentence] = [place.querySelector("button"), place.querySelector("[data-device-word]")];
  const paint = (word = wordNow()) => {
    sentence.textContent = SENTENCES[word];
    button.hidden = word === "none";
    button.textContent = word === "on" ? "Stop showing them on this device" : "Show notifications on this device";
  };
  button.addEventListener("click", async () => {
    if (isOnDevice()) turnOff();
    else if (!(await turnOn())) return paint("denied");
    return paint();
  });
  paint();
  place.hidden = false;
}

function wordNow() {
  if (!canShow()) return "none";
  if (Notification.permission === "denied") return "denied";
  return isOnDevice() ? "on" : "off";
}

/** Notifications that the device shows while nobody looks at this site: one, however many of its tabs are open. */

const WORKER = "/notifications/worker.js";
const WANTED = "offtime-notices-here";
const NEWEST = "offtime-notices-newest";
/** Held, together, by all pages that are looked at. */
const LOOKED_AT = "offtime-looked-at";
/** Held by the tab that decides whether a notification has been shown. */
const SHOWING = "offtime-showing";

/** Tell whether this browser can show any. */
export const canShow = () => "Notification" in globalThis && "serviceWorker" in navigator && "locks" in navigator;

/** Tell whether the reader wants them on this device, and its browser lets us. */
export const isOnDevice = () => canShow() && Notification.permission === "granted" && kept(WANTED) === "yes";

/** Ask the browser, where it has not been asked; return whether they are shown from now on. To be called on a click. */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await navigator.serviceWorker.register(WORKER);
  keep(WANTED, "yes");
  return true;
}

/** Show none on this device from now on. */
export const turnOff = () => keep(WANTED, "no");

/** Let the other tabs know, as long as this page is looked at. */
export function saySeen() {
  if (!canShow()) return;
  let leave = null;
  const follow = () => {
    const isSeen = document.visibilityState === "visible";
    if (isSeen && leave === null) {
      const left = new Promise((resolve) => (leave = resolve));
      navigator.locks.request(LOOKED_AT, { mode: "shared" }, () => left);
    } else if (!isSeen && leave !== null) {
      leave();
      leave = null;
    }
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}

/** Tell whether a page of this site is looked at on this device. */
export async function isSeenSomewhere() {
  const { held } = await navigator.locks.query();
  return held.some(({ name }) => name === LOOKED_AT);
}

/** Show a notification, unless another tab has. Ids ascend: what is not newer than the newest shown was shown. */
export function showOnDevice({ id, title, body }, href) {
  return navigator.locks.request(SHOWING, async () => {
    if (id <= Number(kept(NEWEST) ?? 0)) return;
    keep(NEWEST, String(id));
    const worker = await navigator.serviceWorker.register(WORKER);
    const said = { body, tag: `offtime-${id}`, icon: "/static/icon.svg", data: { href } };
    await (await active(worker)).showNotification(title, said);
  });
}

/** Return the registration once its worker runs: one that was just registered shows nothing yet. */
async function active(registration) {
  const starting = registration.installing ?? registration.waiting;
  if (registration.active || !starting) return registration;
  await new Promise((resolve) => {
    const ends = ["activated", "redundant"];
    starting.addEventListener("statechange", () => ends.includes(starting.state) && resolve());
  });
  return registration;
}

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage is forbidden here: the device shows nothing
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is forbidden or full: the device shows nothing, the page does.
  }
}

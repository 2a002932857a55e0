/** Keeps the staff's view of the live side current, while somebody looks at it. */

import { paintLiveNow } from "./ui/live_now.js";

const EVERY_MS = 2_000;
const TIMEOUT_MS = 8_000;

const page = document.querySelector("[data-live-now]");
const show = (name, isShown) => (page.querySelector(`[data-${name}]`).hidden = !isShown);

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(page.dataset.source, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const isSignedOut = answer.redirected || answer.status === 403;
    show("signed-out", isSignedOut);
    show("silence", !answer.ok && !isSignedOut);
    if (answer.ok && !isSignedOut) paintLiveNow(page, await answer.json());
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError")) throw error;
    show("silence", true);
  }
}

async function keepLooking() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    await look();
  }
}

document.addEventListener("visibilitychange", look);
keepLooking();

/** Keeps the staff's view of the live side current, while somebody looks at it. */

import { FeedAges } from "./ui/feed_ages.js";
import { LiveCharts } from "./ui/live_charts.js";
import { paintLiveNow } from "./ui/live_now.js";

const EVERY_MS = 2_000;
const TICKS_MS = 1_000;
const TIMEOUT_MS = 8_000;

const page = document.querySelector("[data-live-now]");
const charts = new LiveCharts(page);
const feeds = new FeedAges(page);
const show = (name, isShown) => (page.querySelector(`[data-${name}]`).hidden = !isShown);

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(`${page.dataset.source}?after=${charts.newest}`, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const isSignedOut = answer.redirected || answer.status === 403;
    show("signed-out", isSignedOut);
    show("silence", !answer.ok && !isSignedOut);
    if (answer.ok && !isSignedOut) paint(await answer.json());
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError")) throw error;
    show("silence", true);
  }
}

function paint(live) {
  paintLiveNow(page, live);
  feeds.take(live.feeds);
  charts.take(live.history);
}

async function keepLooking() {
  for (;;) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

setInterval(() => feeds.tick(), TICKS_MS);
document.addEventListener("visibilitychange", look);
keepLooking();

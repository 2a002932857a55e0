/** Fetches a page, or a part of one, again when its lists changed, and swaps what is marked `data-refreshed`. */

import { Refresher } from "./refresher.js";
import { showReaderTimes } from "./reader_time.js";
import { swapSections } from "./sections.js";

const TICK_MS = 1_000;
const TIMEOUT_MS = 8_000;
const GONE = [404, 410];

/**
 * Keep the sections of `page` current; returns the Refresher, to be told with `touch()`. `swapped()` is called after a
 * swap. Its `data-list-mark` goes along: where that still holds, the server answers with 204 and no page. `address` is
 * where it comes from.
 */
export function keepRefreshed(page, swapped, address = location.href) {
  const take = (fresh) => {
    swapSections(page, fresh.querySelector("[data-list-mark]"));
    showReaderTimes(page);
    swapped();
  };
  return askAgain(page, take, { address });
}

/**
 * Fetch the document at `address` again each `everyMs` and when told to; returns the Refresher. `take(fresh)` is given
 * it. What is gone is asked for no more, and the page says so.
 */
export function askAgain(page, take, { address = location.href, everyMs } = {}) {
  const renew = async () => {
    const answer = await ask(address, page.dataset.listMark);
    if (answer === null) return false;
    if (GONE.includes(answer.status)) end();
    else if (answer.status !== 204) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    return true;
  };
  const refresher = new Refresher({
    renew,
    isVisible: () => document.visibilityState === "visible",
    spreadMs: () => Number(page.dataset.spreadMs),
    everyMs,
  });
  const tick = () => refresher.tick();
  const ticking = setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
  const end = () => {
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", tick);
    sayGone(document.querySelector("[data-live-page]"));
  };
  return refresher;
}

async function ask(address, mark) {
  const headers = mark ? { "If-List-Differs": mark } : {};
  try {
    const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.ok || GONE.includes(answer.status) ? answer : null;
  } catch (error) {
    // No way to the server: the badge says so, and the next tick tries again.
    if (!(error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError")) throw error;
    return null;
  }
}

/** Its prices may go on, but what the page lists does not: it is not "Live" any more (punters.css). */
function sayGone(page) {
  if ("gone" in page.dataset) return;
  page.dataset.gone = "";
  const note = Object.assign(document.createElement("p"), { className: "note", role: "alert" });
  const again = Object.assign(document.createElement("a"), { className: "link", href: "", textContent: "reload" });
  note.append("This page has moved or gone: ", again);
  page.prepend(note);
}

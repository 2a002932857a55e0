/** Fetches a page, or a part of one, again when its lists changed, and swaps what is marked `data-refreshed`. */

import { Refresher } from "./refresher.js";
import { showReaderTimes } from "./reader_time.js";
import { swapSections } from "./sections.js";

const TICK_MS = 1_000;
const TIMEOUT_MS = 8_000;

/**
 * Keep the sections of `page` current; returns the Refresher, to be told with `touch()`. `swapped()` is called after a
 * swap. Its `data-list-mark` goes along: where that still holds, the server answers with 204 and no page. `address` is
 * where it comes from.
 */
export function keepRefreshed(page, swapped, address = location.href) {
  const renew = async () => {
    const answer = await ask(address, page.dataset.listMark);
    if (answer === null) return false;
    if (answer.status === 204) return true;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    swapSections(page, fresh.querySelector("[data-list-mark]"));
    showReaderTimes(page);
    swapped();
    return true;
  };
  const refresher = new Refresher({
    renew,
    isVisible: () => document.visibilityState === "visible",
    spreadMs: () => Number(page.dataset.spreadMs),
  });
  setInterval(() => refresher.tick(), TICK_MS);
  document.addEventListener("visibilitychange", () => refresher.tick());
  return refresher;
}

async function ask(address, mark) {
  const headers = mark ? { "If-List-Differs": mark } : {};
  try {
    const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.ok ? answer : null;
  } catch (error) {
    // No way to the server: the badge says so, and the next tick tries again.
    if (!(error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError")) throw error;
    return null;
  }
}

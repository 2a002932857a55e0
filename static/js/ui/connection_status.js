/** Says beside the prices how old they are. */

import { WORDS } from "../live/freshness.js";
import { secondsText } from "./clock.js";

const LOOKS = { live: "live", connecting: "late", reconnecting: "late", delayed: "late", offline: "off" };

/**
 * Paint `state` (a key of WORDS) on the page. `asOf` is when the server last confirmed what is shown, in its own ms,
 * null while it has not; `isStale` lets the prices fade.
 */
export function paintStatus(page, { state, asOf, isStale, zone }) {
  const badge = page.querySelector("[data-freshness-badge]");
  badge.classList.remove("live", "late", "off");
  badge.classList.add(LOOKS[state]);
  badge.dataset.state = state;
  write(badge.querySelector("[data-word]"), WORDS[state]);
  if (asOf !== null) write(badge.querySelector("[data-as-of]"), secondsText(asOf, zone));
  page.dataset.freshness = isStale ? "stale" : "fresh";
  // A network that is gone for a moment makes no prices old, and nothing jump.
  page.querySelector("[data-outage]").hidden = state !== "offline" || !isStale;
}

/** Written only where it changes: a screen reader reads out a word that is written again. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

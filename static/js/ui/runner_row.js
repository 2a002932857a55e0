/** What has become of a runner, on its row: out, back, placed. */

import { clockText } from "./clock.js";

/** Return "1st", "2nd"; "placed" where the order is not known, as views/board_page.py has it. */
export function ordinal(position) {
  if (position === undefined || position === null) return "placed";
  const isTeen = position % 100 > 10 && position % 100 < 14;
  return `${position}${isTeen ? "th" : (["th", "st", "nd", "rd"][position % 10] ?? "th")}`;
}

/** Return "Non-runner 13:58 · was 7/1". */
export function outWords(runner, { zone, fractional }) {
  const told = `Non-runner ${clockText(runner.withdrawnAt, zone)}`;
  return runner.withdrawnPrice ? `${told} · was ${fractional(runner.withdrawnPrice)}` : told;
}

/** Paint `runner` (a runner change) on its row, where it changed. */
export function paintRunner(row, runner, words) {
  const seen = `${runner.status}/${runner.version}`;
  if (row.dataset.seen === seen) return;
  row.dataset.seen = seen;
  row.dataset.status = runner.status;
  const isOut = runner.status === "NON_RUNNER";
  row.classList.toggle("nr", isOut);
  row.querySelector("[data-nr-tag]").hidden = !isOut;
  row.querySelector("[data-people]").hidden = isOut;
  const out = row.querySelector("[data-out-words]");
  out.hidden = !isOut;
  out.textContent = isOut ? outWords(runner, words) : "";
  const place = row.querySelector("[data-place-tag]");
  place.hidden = !runner.position;
  place.textContent = runner.position ? ordinal(runner.position) : "";
}

/** One race of a list: repaints its favourite, price and status. The markup is macros/race_line.html. */

import { favourites } from "../live/best.js";
import { clockText } from "./clock.js";
import { whatNow } from "./countdown.js";
import { paintPrice } from "./price_cell.js";

/** Paint the favourite and its price. `held` brings the names, in the order of the card. */
export function paintRaceLine(line, board, held) {
  const { runnerIds, entry } = favourites(board, Object.keys(held.names));
  const names = runnerIds.map((runnerId) => held.names[runnerId][1]).join(" / ");
  const cell = line.querySelector(".price");
  if (entry && cell.dataset.runnerId !== entry.runnerId) {
    // Another favourite's price is no move of the old one's: no mark.
    cell.dataset.runnerId = entry.runnerId;
    cell.dataset.price = "";
  }
  line.querySelector("[data-favourite-box]").hidden = !names;
  line.querySelector("[data-favourite]").textContent = names;
  paintPrice(cell, entry);
  cell.classList.toggle("best", entry !== null);
  line.dataset.version = board.version;
}

/** Paint what happens now: the countdown or the status, the off time, the betting. */
export function paintWhatNow(line, board, held, now, statuses) {
  const { race } = board;
  line.dataset.phase = statuses[race.status][1];
  line.querySelector("[data-what]").textContent = whatNow(race, now, held.timeZone, statuses);
  line.querySelector("[data-off-clock]").textContent = clockText(race.offTime, held.timeZone);
  line.querySelector("[data-betting]").hidden = race.betting !== "suspended";
}

/** The race page: its board, notes, result and head live. */

import { fromPage } from "./live/board.js";
import { fractionsOf } from "./ui/ladder.js";
import { heldIn, runLivePage } from "./ui/live_page.js";
import { RaceBoard } from "./ui/race_board.js";
import { paintHead, paintState } from "./ui/race_state.js";
import { RunnerOrder } from "./ui/runner_order.js";
import { SpokenPrices } from "./ui/spoken_prices.js";

const page = document.querySelector("[data-race-page]");
const held = heldIn(page, "held");
const { statuses, ladder, sentences, pence } = heldIn(page, "vocabulary");
const fractional = fractionsOf(ladder);
const penceOfStep = new Map(ladder.map(([text], step) => [text, pence[step]]));
const { names, card, declaredTerms, timeZone: zone } = held;
const penceOf = (price) => penceOfStep.get(fractional(price));
const words = { names, card, declaredTerms, zone, statuses, sentences, fractional, penceOf };

const said = page.querySelector("[data-read-out]");
const say = (text) => (said.textContent = text);
const raceBoard = new RaceBoard(page, words, new SpokenPrices(page.querySelector("[data-speak]"), say));
const order = new RunnerOrder(page, fromPage(held), words, say);

runLivePage(page, [
  {
    held,
    changed(board, now) {
      raceBoard.paint(board, now);
      paintState(page, board, words);
      order.painted(board);
    },
    ticked: (board, now) => paintHead(page, board.race, now, zone, statuses),
  },
]);
// The race one is at stands in the middle of its meeting's, however many those are.
const strip = document.querySelector(".strip");
const here = strip.querySelector("[aria-current]");
strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;

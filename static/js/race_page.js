/** The race page: its board, notes, result and head live. */

import { fromPage } from "./live/board.js";
import { fractionsOf } from "./ui/ladder.js";
import { LateOff } from "./ui/late_off.js";
import { heldIn, runLivePage } from "./ui/live_page.js";
import { OtherRaces } from "./ui/other_races.js";
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
const others = new OtherRaces(document.querySelector("[data-others]"), page.querySelector("[data-meeting]"));
others.changed(held.race);
const lateOff = new LateOff(page, held.race.offAt, (fresh) => raceBoard.takeDays(fresh));

let cardVersion = held.race.cardVersion;
let cardEdits = null;

/** Take an edited card over, with what only this needs: cards are seldom edited while somebody looks. */
function cardChanged({ race }) {
  if (race.cardVersion === cardVersion) return;
  cardVersion = race.cardVersion;
  cardEdits ??= import("./ui/card_edits.js").then(({ followCard }) => followCard({ page, names, card, words, raceBoard, order }));
  cardEdits.then((refresher) => refresher.touch(), tryLater);
}

/** The script could not be fetched: with the next change it is asked for again. */
function tryLater() {
  cardVersion = cardEdits = null;
}

runLivePage(page, [
  {
    held,
    changed(board, now) {
      raceBoard.paint(board, now);
      lateOff.changed(board);
      cardChanged(board);
      paintState(page, board, words);
      order.painted(board);
      others.changed(board.race);
    },
    ticked(board, now) {
      paintHead(page, board.race, now, zone, statuses);
      others.ticked(now);
    },
  },
]);

/** A card edited while its page is open: the server draws it anew, the page takes what is the card's. */

import { askAgain } from "./keep_refreshed.js";
import { heldIn } from "./live_page.js";
import { paintState } from "./race_state.js";

/** Return the Refresher that takes the card of a race page anew when it is told to. */
export function followCard({ page, names, card, words, raceBoard, order }) {
  const take = (fresh) => {
    const drawn = fresh.querySelector("[data-race-page]");
    const now = heldIn(drawn, "held");
    Object.assign(names, now.names);
    card.splice(0, card.length, ...now.card);
    words.declaredTerms = now.declaredTerms;
    takeHead(page, drawn);
    if (!raceBoard.takeCard(drawn)) location.reload();
    order.findRows();
    paintState(page, raceBoard.shown[0], words);
  };
  return askAgain(page, take, { everyMs: Infinity });
}

function takeHead(page, drawn) {
  page.querySelector("[data-card-title]").textContent = drawn.querySelector("[data-card-title]").textContent;
  for (const fact of page.querySelectorAll("[data-card-fact]")) fact.remove();
  page.querySelector(".facts").prepend(...drawn.querySelectorAll("[data-card-fact]"));
}

/** A card edited while its page is open: the server draws it anew, the page takes what is the card's. */

import { askAgain } from "./keep_refreshed.js";

export class CardEdits {
  #version;

  /** Follow the card of a page drawn with `cardVersion`. `take(fresh)` is given the page drawn anew, once it was edited. */
  constructor(page, cardVersion, take) {
    this.#version = cardVersion;
    this.refresher = askAgain(page, take, { everyMs: Infinity });
  }

  /** Note the board as it is now. */
  changed({ race }) {
    if (race.cardVersion !== this.#version) this.refresher.touch();
    this.#version = race.cardVersion;
  }
}

/** Take the title and the facts of the card from `drawn`, the page drawn anew. */
export function takeHead(page, drawn) {
  page.querySelector("[data-card-title]").textContent = drawn.querySelector("[data-card-title]").textContent;
  for (const fact of page.querySelectorAll("[data-card-fact]")) fact.remove();
  page.querySelector(".facts").prepend(...drawn.querySelectorAll("[data-card-fact]"));
}

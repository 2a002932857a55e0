/** Lets the reader order the rows without loading the page anew, and says when prices have left their order. */

import { isOut } from "../live/best.js";
import { runnersIn } from "./row_order.js";

const COOKIE = "race_order";
const YEAR_S = 365 * 24 * 3600;

export class RunnerOrder {
  /**
   * Take over the links of `page`, which was drawn from `board`: most races are ordered before anything moves in them.
   * `words` has card and names; `say` tells a screen reader what was done.
   */
  constructor(page, board, words, say) {
    this.words = words;
    this.say = say;
    this.body = page.querySelector("[data-board] tbody");
    this.findRows();
    this.links = [...page.querySelectorAll("[data-orders] a")];
    this.order = this.links.find((link) => link.hasAttribute("aria-current")).dataset.order;
    this.notice = page.querySelector("[data-moved]");
    this.noticeWord = page.querySelector("[data-moved-word]");
    this.board = board;
    page.querySelector("[data-orders]").addEventListener("click", (event) => this.#clicked(event));
  }

  /** Find the rows, where one has come or a draw is another. */
  findRows() {
    this.rows = new Map([...this.body.rows].map((row) => [row.dataset.runnerRow, row]));
    this.draws = Object.fromEntries([...this.rows].map(([id, row]) => [id, Number(row.dataset.draw)]));
  }

  /** Hear of a board. The rows stay: it is the reader's order, and a finger may be on its way to one of them. */
  painted(board) {
    this.board = board;
    const moved = this.order === "price" && this.#shown().join() !== this.#wanted().filter((id) => !isOut(board, id)).join();
    const word = board.race.result ? "result" : "moved";
    if (this.noticeWord.textContent !== word) this.noticeWord.textContent = word;
    if (this.notice.hidden === moved) this.notice.hidden = !moved;
  }

  #clicked(event) {
    const link = event.target.closest("[data-order]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.order = link.dataset.order;
    for (const each of this.links) each.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    this.body.append(...this.#wanted().map((id) => this.rows.get(id)));
    this.notice.hidden = true;
    remember(this.order);
    this.say(`In order of ${this.order}.`);
  }

  #shown() {
    return [...this.body.rows].map((row) => row.dataset.runnerRow).filter((id) => !isOut(this.board, id));
  }

  /** By price: by the one that the row shows, after the race its last. */
  #wanted() {
    const price = (row) => Number(row.querySelector("[data-best]").dataset.price) || undefined;
    const best = new Map([...this.rows].map(([id, row]) => [id, { price: price(row) }]));
    return runnersIn(this.order, { ...this.words, board: this.board, best, draws: this.draws });
  }
}

function remember(order) {
  document.cookie = `${COOKIE}=${order}; path=/; max-age=${YEAR_S}; samesite=lax`;
  const address = new URL(location.href);
  address.searchParams.set("order", order);
  history.replaceState(history.state, "", address);
}

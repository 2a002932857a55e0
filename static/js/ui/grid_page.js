/** The odds grid at work: its keys, what it sends beside the form, what comes from others. */

import { drawnNow, press, saidBy, sendBeside } from "./desk_post.js";
import { asked } from "./grid_keys.js";
import { OddsGrid } from "./odds_grid.js";
import { redraw } from "./redrawn.js";
import { toHundredths } from "./typed_price.js";

const LOOK_EVERY_MS = 5_000;
const LAST_CELL = "desk-cell";
/** What the server draws anew of the page when the race itself changes. */
const REDRAWN = [".head", "[data-quick=all]", "[data-redrawn=state]", "[data-redrawn=runners]", "[data-redrawn=lately]"];
const entryOf = (event) => event.target.closest?.("[data-cell]") ?? null;

export class GridPage {
  /** `form` is the drawn one, `reader` a PriceReader. */
  constructor(form, reader) {
    this.form = form;
    this.grid = new OddsGrid(form.querySelector("[data-grid]"), reader);
    this.before = "";
    this.isSent = false;
    this.lookedAt = Date.now();
    this.isLooking = false;
    this.isLate = false;
    this.#listen();
    form.querySelector("[data-keys]").hidden = false;
    backToLastCell();
  }

  #listen() {
    const { form } = this;
    const inCell = (does) => (event) => entryOf(event) && does(entryOf(event), event);
    document.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("input", inCell((entry) => this.grid.typed(entry)));
    form.addEventListener("focusin", inCell((entry) => this.#enter(entry)));
    form.addEventListener("focusout", inCell((entry) => this.grid.left(entry, this.before)));
    form.addEventListener("paste", inCell((entry, event) => this.#paste(entry, event)));
    form.addEventListener("submit", (event) => this.#submit(event));
    document.querySelector("[data-beside]").addEventListener("submit", (event) => this.#beside(event));
    // A price is lost with the page only where its writer says so.
    addEventListener("beforeunload", (event) => !this.isSent && this.grid.changes > 0 && event.preventDefault());
    addEventListener("pageshow", () => (this.isSent = false));
  }

  #key(event) {
    const entry = entryOf(event);
    const wanted = event.isComposing ? null : asked(event, entry && caretOf(entry));
    if (event.key === "Enter" && event.target.id === "another" && !wanted) this.#press(event, "[data-add]");
    if (!wanted) return;
    event.preventDefault();
    if (Array.isArray(wanted)) this.grid.move(entry, wanted);
    else if (wanted === "takeTheirs") this.grid.takeTheirs(entry);
    else if (wanted === "save") this.#save(entry);
    else this.#quick(wanted === "all" ? "all" : entry?.dataset.cell.split(".").at(-1));
  }

  #press(event, button) {
    event.preventDefault();
    this.form.requestSubmit(this.form.querySelector(button));
  }

  #save(entry) {
    if (entry) this.grid.left(entry, this.before);
    this.form.requestSubmit(this.form.querySelector(".button.main"));
  }

  #enter(entry) {
    this.before = entry.value;
    entry.select();
  }

  #paste(entry, event) {
    const left = this.grid.paste(entry, event.clipboardData.getData("text/plain"));
    if (left === null) return;
    event.preventDefault();
    this.before = entry.value;
    this.#say(left ? `${left} of what was pasted found no place in the grid.` : "");
  }

  #submit(event) {
    const of = event.submitter?.dataset.quick;
    if (of) {
      event.preventDefault();
      this.#quick(of);
      return;
    }
    this.isSent = true;
    sessionStorage.setItem(LAST_CELL, document.activeElement.dataset.cell ?? "");
  }

  /** Suspend or reopen "all" or one bookmaker: sent by itself, so that nothing typed is lost or written with it. */
  async #quick(of) {
    const button = of && this.form.querySelector(`[data-quick="${CSS.escape(of)}"]`);
    if (button) await this.#tell(press(this.form, button));
  }

  /** A button of the panels beside the grid: where prices are typed it is sent by itself, too. */
  #beside(event) {
    if (this.grid.changes === 0) return;
    event.preventDefault();
    this.#tell(sendBeside(event.target, event.submitter, this.grid.bookmakers));
  }

  async #tell(answer) {
    try {
      const page = await answer;
      this.#take(page, true);
      this.#say(saidBy(page));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#say("No answer from the server: nothing is changed. Try again.");
    }
  }

  #say(text) {
    const place = this.form.querySelector("[data-said]");
    place.textContent = text;
    place.hidden = text === "";
  }

  /** Take over what the server drew; `isAsked` where it answers a button, whose own panel is then drawn anew as well. */
  #take(page, isAsked = false) {
    const fresh = page.querySelector("[data-grid]");
    this.lookedAt = Date.now();
    const fields = this.form.querySelector("[data-fields]");
    if (fresh && fields.disabled) this.#say("");
    fields.disabled = !fresh;
    if (fresh) this.grid.takeDrawn(fresh);
    else this.#say("Nothing more can be written here: the betting is closed, or you are signed out.");
    for (const selector of REDRAWN) redraw(document.querySelector(selector), page.querySelector(selector), isAsked);
  }

  /** Ask what stands now, one look at a time; what cannot be reached is asked for again. */
  async #look() {
    this.isLate = true;
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.isLate) {
        this.isLate = false;
        this.#take(await drawnNow(this.grid.bookmakers));
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.isLate = true;
    } finally {
      this.isLooking = false;
    }
  }

  /** The race's board was `earlier`. */
  changed(board, earlier) {
    const suspended = this.grid.suspended;
    let isToLook = board.race !== earlier.race || board.runners !== earlier.runners;
    for (const [key, entry] of board.prices) {
      if (earlier.prices.get(key) === entry) continue;
      // Whether a price that goes is taken away or its bookmaker is off only the desk's own page says.
      if (entry.price === null || suspended.has(entry.bookmaker)) isToLook = true;
      else this.#stand(entry);
    }
    if (isToLook) this.#look();
  }

  #stand({ runnerId, bookmaker, price, version }) {
    const isShown = this.grid.stand(`${runnerId}.${bookmaker}`, toHundredths(price), version);
    if (isShown || this.grid.bookmakers.includes(bookmaker)) return;
    this.form.querySelector("[data-newcomer]").hidden = false;
    this.form.querySelector("[data-newcomer-name]").textContent = bookmaker;
    this.form.querySelector("[data-newcomer-add]").value = bookmaker;
  }

  /** Call it about once a second: prices that are held back are told by no board. */
  ticked() {
    const isUnseen = this.grid.suspended.size > 0 && Date.now() - this.lookedAt > LOOK_EVERY_MS && !document.hidden;
    if (this.isLate || isUnseen) this.#look();
  }
}

function caretOf({ value, selectionStart, selectionEnd }) {
  const isAll = selectionStart === 0 && selectionEnd === value.length;
  const isOne = selectionStart === selectionEnd;
  return { atStart: isAll || (isOne && selectionStart === 0), atEnd: isAll || (isOne && selectionEnd === value.length) };
}

function backToLastCell() {
  const name = sessionStorage.getItem(LAST_CELL);
  sessionStorage.removeItem(LAST_CELL);
  if (name && !document.querySelector("[autofocus]")) document.querySelector(`[data-cell="${CSS.escape(name)}"]`)?.focus();
}

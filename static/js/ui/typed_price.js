/** Reads prices as traders type them, and adds books up, as racing/prices.py does. Pure; prices are whole hundredths. */

import { nearestStep } from "./ladder.js";

const LOWEST = 101;
const HIGHEST = 100_000;
const NO_PRICE = ["", "-", "–"];

/** Return decimal odds in hundredths; none stays null. */
export const toHundredths = (price) => (price === null ? null : Math.round(price * 100));

export class PriceReader {
  /** `ladder` is rows of [text, odds to one], the shortest first. */
  constructor(ladder) {
    this.ladder = ladder;
  }

  /**
   * Return the price that `text` says, null for no price, undefined where it is none. "+1" is a step up the ladder from
   * `stood`, "-2" two down.
   */
  read(text, stood = null) {
    const written = text.trim().toLowerCase().replace("−", "-");
    if (NO_PRICE.includes(written)) return null;
    if (["evens", "evs", "even"].includes(written)) return 200;
    if (/^[+-]\d{1,2}$/.test(written)) return stood === null ? undefined : this.#step(stood, Number(written));
    const fraction = written.match(/^(\d{1,4})\s*[/-]\s*(\d{1,4})$/);
    return onScale(fraction ? ofFraction(Number(fraction[1]), Number(fraction[2])) : ofDecimal(written));
  }

  /** Return a price as a trader would type it: the fraction where it says exactly this price, else decimal. */
  write(price) {
    if (price === null) return "";
    const [fraction] = this.ladder[nearestStep(this.ladder, price / 100)];
    return this.read(fraction) === price ? fraction : (price / 100).toFixed(2);
  }

  #step(stood, steps) {
    const place = nearestStep(this.ladder, stood / 100) + steps;
    return this.read(this.ladder[Math.max(0, Math.min(place, this.ladder.length - 1))][0]);
  }
}

/** Whole numbers all the way, so that a half is a half: 1/8 is 1.13. */
function ofFraction(above, below) {
  return above && below ? 100 + Math.floor((200 * above + below) / (2 * below)) : undefined;
}

function ofDecimal(written) {
  const parts = written.match(/^(\d{0,5})(?:\.(\d{1,2})0*)?$/);
  if (!parts || written === "") return undefined;
  return Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
}

const onScale = (price) => (price >= LOWEST && price <= HIGHEST ? price : undefined);

/** Return what a book of these prices adds up to, in percent to 2 decimals; null where there is none. */
export function bookPercent(prices) {
  if (prices.length === 0) return null;
  const percent = prices.reduce((sum, price) => sum + 10_000 / price, 0);
  // A half stays one: what is added up is off by less than this.
  return Math.round(percent * 100 + 1e-7) / 100;
}

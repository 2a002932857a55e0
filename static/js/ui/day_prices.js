/** Where a runner's best price opened in the day, its longest, its shortest. Pure but for the class, which paints them. */

import { paintForms } from "./price_cell.js";

const EDGES = ["opened", "longest", "shortest"];

/** Return the day (prices or nulls) after the best price has become `price`; the same one where nothing changed. */
export function dayAfter(day, price) {
  if (price === null) return day;
  if (day.opened === null) return { opened: price, longest: price, shortest: price };
  if (price <= day.longest && price >= day.shortest) return day;
  return { ...day, longest: Math.max(day.longest, price), shortest: Math.min(day.shortest, price) };
}

export class DayPrices {
  /** Take over the day that is drawn in `places`, the elements that have it, each with its edges in `[data-day]`. */
  constructor(places, fractional) {
    this.fractional = fractional;
    this.edges = new Map(EDGES.map((edge) => [edge, places.flatMap((place) => [...place.querySelectorAll(`[data-day=${edge}]`)])]));
    this.day = Object.fromEntries(EDGES.map((edge) => [edge, Number(this.edges.get(edge)[0].dataset.price) || null]));
  }

  /** Note the best price of this moment (null: none), and paint what it changes. */
  moved(price) {
    const before = this.day;
    this.day = dayAfter(before, price);
    for (const edge of EDGES) {
      if (this.day[edge] !== before[edge]) this.#paint(this.edges.get(edge), this.day[edge]);
    }
  }

  #paint(cells, price) {
    for (const cell of cells) {
      cell.dataset.price = price.toFixed(2);
      paintForms(cell, price, this.fractional(price));
    }
  }
}

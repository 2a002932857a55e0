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

const dayIn = (place) =>
  Object.fromEntries(EDGES.map((edge) => [edge, Number(place.querySelector(`[data-day=${edge}]`).dataset.price) || null]));

export class DayPrices {
  /** Take over the day that is drawn in `places`, the elements that have it, each with its edges in `[data-day]`. */
  constructor(places, fractional) {
    this.fractional = fractional;
    this.edges = new Map(EDGES.map((edge) => [edge, places.flatMap((place) => [...place.querySelectorAll(`[data-day=${edge}]`)])]));
    this.day = dayIn(places[0]);
  }

  /** Note the best price of this moment (null: none), and paint what it changes. */
  moved(price) {
    this.#become(dayAfter(this.day, price));
  }

  /** Take the day that is drawn in `place`, the same element drawn anew by the server. */
  take(place) {
    this.#become(dayIn(place));
  }

  #become(day) {
    for (const edge of EDGES) {
      if (day[edge] !== this.day[edge]) this.#paint(this.edges.get(edge), day[edge]);
    }
    this.day = day;
  }

  #paint(cells, price) {
    for (const cell of cells) {
      cell.dataset.price = price?.toFixed(2) ?? "";
      paintForms(cell, price, price === null ? null : this.fractional(price));
    }
  }
}

/** The board of a race in a list, out of the short form that views/held_lines.py writes. Pure. */

import { priceKey } from "../live/board.js";

/** Return the board; `fractional` writes a decimal price as a fraction. Entries are as old as the whole. */
export function boardOfLine({ version, race, bookmakers, runners }, fractional) {
  const changes = new Map();
  const prices = new Map();
  for (const [runnerId, , offered, change] of runners) {
    changes.set(runnerId, change ?? { runnerId, status: "ACTIVE", version });
    offered.forEach((price, place) => {
      const bookmaker = bookmakers[place];
      const entry = { runnerId, bookmaker, price, fractional: price === null ? null : fractional(price), version };
      prices.set(priceKey(runnerId, bookmaker), entry);
    });
  }
  return { version, race, runners: changes, prices, book: null };
}

/** Return [runner id, name] in the order of the card. */
export const namesOfLine = ({ runners }) => runners.map(([runnerId, name]) => [runnerId, name]);

/** What withdrawals have made of a race, in the sentences of views/race_notes.py. Pure. */

import { percentText } from "./bookmaker_column.js";
import { clockText } from "./clock.js";
import { pointsText } from "./move.js";

const MOST_PENCE = 90;
const WAIVED_PENCE = 5;

/** Return the each-way terms: "1/4 the odds, places 1-2"; "win only" where there are none. */
export const eachWayText = ([places, fraction]) => (fraction ? `${fraction} the odds, places 1-${places}` : "win only");

/** Return names for a sentence: "a", "a and b", "a, b and c". */
export const sentenceList = (parts) =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/**
 * Return the sentences; empty where everybody runs. `words` has `card` (runner ids in its order), `names`, `zone`,
 * `declaredTerms` ([places, fraction] with all of them), `statuses`, and `penceOf(price)`, Rule 4 for one price.
 */
export function withdrawalNote(board, words) {
  const out = words.card.map((runnerId) => board.runners.get(runnerId)).filter((runner) => runner?.withdrawnAt);
  if (out.length === 0) return "";
  const sentences = [who(out, words.names), deductions(out, words)];
  if (board.book) {
    sentences.push(terms(words.declaredTerms, board.book.eachWay));
    if (words.statuses[board.race.status][1] === "before") sentences.push(book(out, board.book.best));
  }
  return sentences.filter(Boolean).join(" ");
}

function who(out, names) {
  const told = out.map(({ runnerId }) => {
    const [number, name] = names[runnerId];
    return number ? `${name} (${number})` : name;
  });
  return `${sentenceList(told)} ${out.length === 1 ? "is a non-runner" : "are non-runners"}.`;
}

/** A bet bears what was withdrawn after it, so each withdrawal begins another rate. */
function deductions(out, { zone, penceOf }) {
  const rates = [];
  const inTime = [...out].sort((one, other) => (one.withdrawnAt < other.withdrawnAt ? -1 : one.withdrawnAt > other.withdrawnAt ? 1 : 0));
  inTime.forEach(({ withdrawnAt }, place) => {
    const pence = inForce(inTime.slice(place), penceOf);
    const until = clockText(withdrawnAt, zone);
    if (rates.at(-1)?.pence === pence) rates.pop();
    if (rates.at(-1)?.until !== until) rates.push({ until, pence });
  });
  const [first, ...later] = rates.filter(({ pence }) => pence > 0);
  if (!first) return "Rule 4 takes nothing.";
  const told = [`Rule 4: bets struck before ${first.until} bear a deduction of ${first.pence}p in the £`];
  return `${[...told, ...later.map(({ until, pence }) => `later ones before ${until} ${pence}p`)].join(", ")}.`;
}

function inForce(withdrawn, penceOf) {
  const priced = withdrawn.filter(({ withdrawnPrice }) => withdrawnPrice !== undefined);
  const total = priced.reduce((pence, { withdrawnPrice }) => pence + penceOf(withdrawnPrice), 0);
  return total <= WAIVED_PENCE ? 0 : Math.min(total, MOST_PENCE);
}

function terms(declared, { places, fraction }) {
  const [were, are] = [eachWayText(declared), eachWayText([places, fraction])];
  return were === are ? "" : `Each-way was ${were}; now ${are}.`;
}

function book(out, best) {
  const gone = out.reduce((points, { withdrawnPrice }) => points + (withdrawnPrice ? 100 / withdrawnPrice : 0), 0);
  if (!gone || best === null) return "";
  return `${pointsText(gone).slice(1)} points of the book went; best prices now add up to ${percentText(best)}.`;
}

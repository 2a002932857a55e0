/** What a key does in the odds grid. Pure. */

const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Return what `event` asks for: "save", "all" or "bookmaker" (suspend or reopen), "takeTheirs", the way to move as
 * [rows, columns], or null. `caret` tells where the caret is in its field: `{ atStart, atEnd }`, both where all is chosen.
 */
export function asked(event, caret) {
  const { key, altKey } = event;
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !altKey && (key === "Enter" || key.toLowerCase() === "s")) return "save";
  if (altKey && !isCommand) return { s: "all", b: "bookmaker" }[letterOf(event)] ?? null;
  if (isCommand || altKey || !caret) return null;
  if (key === "Enter") return [event.shiftKey ? -1 : 1, 0];
  if (key === "Escape") return "takeTheirs";
  if (event.shiftKey || !(key in WAYS)) return null;
  const isWithin = (key === "ArrowLeft" && !caret.atStart) || (key === "ArrowRight" && !caret.atEnd);
  return isWithin ? null : WAYS[key];
}

/** With Option a Mac types another letter (ß): then it is the place of the key that tells. */
const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace("Key", "").toLowerCase());

/** A cell of the odds grid: what is typed over what stands, and what becomes of it when that moves. Pure. */

/** Return what stands in a cell as its field says it: "11/4@57". */
export const seenWord = ({ stands, version }, reader) => `${reader.write(stands)}@${version}`;

/** Return the cell that was drawn with this `text` over this seen word. `now` is undefined while nothing newer stands. */
export function drawnCell(text, seen, reader) {
  const at = seen.lastIndexOf("@");
  return { text, stands: reader.read(seen.slice(0, at)), version: Number(seen.slice(at + 1)), now: undefined };
}

/** Return the price that is typed, null for none, undefined where it is no price. */
export const typedPrice = (cell, reader) => reader.read(cell.text, cell.stands);

/** Tell whether the cell would be written. */
export const isChanged = (cell, reader) => typedPrice(cell, reader) !== cell.stands;

/**
 * Return the cell after what stands became `price` at `version` by somebody else. One that nobody has touched takes it;
 * one that says something else keeps what is typed, and what its writer saw, until they take the new price or the server
 * has shown it to them.
 */
export function stand(cell, price, version, reader) {
  const [known, knownVersion] = cell.now === undefined ? [cell.stands, cell.version] : [cell.now, cell.nowVersion];
  // A price that is held back has no version of its own: there the price alone tells.
  if (version < knownVersion || (version === knownVersion && price === known)) return cell;
  const typed = typedPrice(cell, reader);
  if (price === cell.stands) return { ...cell, version, now: undefined, nowVersion: undefined };
  if (typed !== cell.stands && typed !== price) return { ...cell, now: price, nowVersion: version };
  return taken({ ...cell, now: price, nowVersion: version }, reader);
}

/** Return the cell with what stands in the place of what is typed. */
export const taken = (cell, reader) => {
  const stands = cell.now === undefined ? cell.stands : cell.now;
  return { text: reader.write(stands), stands, version: cell.nowVersion ?? cell.version, now: undefined };
};

/** Return the cell with a step ("+1") typed in it made the price that it means; others as they are. */
export function settled(cell, before, reader) {
  if (!/^\s*[+\-−]\d/.test(cell.text)) return cell;
  const price = reader.read(cell.text, reader.read(before, cell.stands) ?? cell.stands);
  return price === undefined ? cell : { ...cell, text: reader.write(price) };
}

/** Of one race a page may show several lines; it is followed once, and tells all of them. Pure. */

/**
 * Return one holder a race, as LivePage follows them, for lines of `{ raceId, board, changed, ticked }`. It goes on from
 * the fullest of their boards; where none has a race, from the oldest.
 */
export function onePerRace(lines) {
  const byRace = new Map();
  for (const line of lines) byRace.set(line.raceId, [...(byRace.get(line.raceId) ?? []), line]);
  return [...byRace].map(([raceId, ofRace]) => ({
    raceId,
    board: (ofRace.find(({ board }) => board.race) ?? ofRace.reduce(older)).board,
    changed: (...now) => ofRace.forEach((line) => line.changed(...now)),
    ticked: (...now) => ofRace.forEach((line) => line.ticked(...now)),
  }));
}

const older = (one, other) => (other.board.version < one.board.version ? other : one);

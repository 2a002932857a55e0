/** A block of cells as spreadsheets put it on the clipboard: lines of cells between tabs. Pure. */

/** Return its rows of texts; null where it is one word, which goes into its field as any other. */
export function pastedBlock(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const rows = lines.map((line) => line.split("\t").map((each) => each.trim()));
  return rows.length > 1 || rows[0].length > 1 ? rows : null;
}

/**
 * Return where each text goes, `{ filled: [[row, column, text]], left }`: from `row` and `column` on in a grid of so
 * many `rows` and `columns`. `left` is how many found no place.
 */
export function placed(block, row, column, { rows, columns }) {
  const all = block.flatMap((line, down) => line.map((text, right) => [row + down, column + right, text]));
  const filled = all.filter(([down, right]) => down < rows && right < columns);
  return { filled, left: all.length - filled.length };
}

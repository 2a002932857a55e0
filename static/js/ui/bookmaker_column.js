/** A bookmaker that prices the race for the first time while the page is open gets a column. */

/** Return a book percentage with one decimal, a dash where nothing is priced. */
export const percentText = (percent) => (percent === undefined || percent === null ? "–" : `${percent.toFixed(1)} %`);

/** Add the column where it is missing, before that of the best prices. Returns whether it was. */
export function addBookmaker(page, table, bookmaker) {
  if (table.querySelector(`[data-bookmaker-head="${CSS.escape(bookmaker)}"]`)) return false;
  const head = document.createElement("th");
  Object.assign(head, { className: "wide bookmaker", scope: "col", textContent: nameOf(bookmaker) });
  head.dataset.bookmakerHead = bookmaker;
  table.querySelector("[data-best-head]").before(head);
  for (const row of table.querySelectorAll("[data-runner-row]")) {
    row.querySelector("[data-best-cell]").before(emptyCell(page, row.dataset.runnerRow, bookmaker));
  }
  const foot = document.createElement("td");
  foot.className = "wide bookmaker";
  foot.dataset.book = bookmaker;
  table.querySelector("tfoot [data-best-cell]")?.before(foot);
  return true;
}

function emptyCell(page, runnerId, bookmaker) {
  const cell = document.createElement("td");
  cell.className = "wide bookmaker";
  cell.append(page.querySelector("[data-price-template]").content.cloneNode(true));
  const price = cell.querySelector(".price");
  delete price.dataset.best;
  Object.assign(price.dataset, { runnerId, bookmaker });
  return cell;
}

/** As views/words.py names bookmakers. */
const nameOf = (slug) => slug.replaceAll("-", " ").replace(/\b\w/g, (letter) => letter.toUpperCase());

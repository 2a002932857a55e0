/** A bookmaker that prices the race for the first time while the page is open gets a column. */

/** Return a book percentage with one decimal, a dash where nothing is priced. */
export const percentText = (percent) => (percent === undefined || percent === null ? "–" : `${percent.toFixed(1)}%`);

/** Add the column where it is missing, in the order of the slugs, as the server draws them. Returns whether it was. */
export function addBookmaker(page, table, bookmaker) {
  if (table.querySelector(`[data-bookmaker-head="${CSS.escape(bookmaker)}"]`)) return false;
  const head = document.createElement("th");
  Object.assign(head, { className: "bookmaker", scope: "col", textContent: nameOf(bookmaker) });
  head.dataset.bookmakerHead = bookmaker;
  const after = [...table.querySelectorAll("[data-bookmaker-head]")].findIndex((each) => each.dataset.bookmakerHead > bookmaker);
  const place = (row, kind, last) => (after < 0 ? row?.querySelector(last) : row?.querySelectorAll(kind)[after]);
  place(table, "[data-bookmaker-head]", "[data-best-head]").before(head);
  for (const row of table.querySelectorAll("[data-runner-row]")) {
    place(row, "td.bookmaker", "[data-best-cell]").before(emptyCell(page, row.dataset.runnerRow, bookmaker));
  }
  const foot = document.createElement("td");
  foot.className = "bookmaker";
  foot.dataset.book = bookmaker;
  place(table.querySelector("tfoot"), "[data-book]", "[data-best-cell]")?.before(foot);
  return true;
}

function emptyCell(page, runnerId, bookmaker) {
  const cell = document.createElement("td");
  cell.className = "bookmaker";
  cell.dataset.label = nameOf(bookmaker);
  cell.append(page.querySelector("[data-price-template]").content.cloneNode(true));
  const price = cell.querySelector(".price");
  delete price.dataset.best;
  Object.assign(price.dataset, { runnerId, bookmaker });
  return cell;
}

/** As views/words.py names bookmakers. */
export const nameOf = (slug) => slug.replaceAll("-", " ").replace(/\b\w/g, (letter) => letter.toUpperCase());

/** The form of a card: more rows for runners at once, without asking the server. */

const form = document.querySelector("[data-card-form]");
const more = form.querySelector("[data-more-rows]");
const rows = form.querySelector("[data-runner-rows]");

/** Return an empty row like `row`, under the next index. */
function rowAfter(row) {
  const before = row.dataset.runnerFields;
  const index = String(Number(before) + 1);
  const copy = row.cloneNode(true);
  copy.dataset.runnerFields = index;
  copy.querySelector("legend").textContent = `Runner ${Number(index) + 1}`;
  for (const said of copy.querySelectorAll(".wrong, .moved, input[type=hidden]")) said.remove();
  for (const label of copy.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(`-${before}-`, `-${index}-`);
  for (const input of copy.querySelectorAll("input")) {
    input.id = input.name = input.name.replace(`-${before}-`, `-${index}-`);
    input.setAttribute("value", "");
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  return copy;
}

more?.addEventListener("click", (event) => {
  if (!rows.lastElementChild) return;
  event.preventDefault();
  const first = rows.children.length;
  for (let row = 0; row < Number(more.dataset.moreRows); row += 1) rows.append(rowAfter(rows.lastElementChild));
  rows.children[first].querySelector("input").focus();
});

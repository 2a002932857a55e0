/** The odds form of the staff desk: keys to move along the column, a mark on what will be written. */

const form = document.querySelector("[data-odds-form]");
const entries = [...form.querySelectorAll(".entry")];

function paintChanged(entry) {
  entry.classList.toggle("changed", entry.value.trim() !== entry.dataset.stands);
}

function move(entry, step) {
  const next = entries[entries.indexOf(entry) + step];
  next?.focus();
  next?.select();
}

form.addEventListener("keydown", (event) => {
  const entry = event.target.closest(".entry");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!entry) return;
  if (step) {
    event.preventDefault();
    move(entry, step);
  } else if (event.key === "Escape") {
    entry.value = entry.dataset.stands;
    paintChanged(entry);
  }
});
form.addEventListener("input", ({ target }) => target.matches(".entry") && paintChanged(target));
form.querySelector("[data-keys]").hidden = false;
entries.forEach(paintChanged);

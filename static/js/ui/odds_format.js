/** The switch between fractional and decimal odds, kept for the next visit. */

const KEPT_AS = "odds-format";
const FORMATS = ["fractional", "decimal"];

/** Show the format kept here (else the one the page came with) and let the switch change it. */
export function useOddsFormat(root = document) {
  const html = document.documentElement;
  show(FORMATS.includes(kept()) ? kept() : html.dataset.oddsFormat, root);
  for (const group of root.querySelectorAll("[data-format-switch]")) {
    group.hidden = false;
    group.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-format]");
      if (!button) return;
      show(button.dataset.format, root);
      keep(button.dataset.format);
    });
  }
}

function show(format, root) {
  document.documentElement.dataset.oddsFormat = format;
  for (const button of root.querySelectorAll("[data-format]")) {
    button.setAttribute("aria-pressed", String(button.dataset.format === format));
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null; // storage is forbidden here: the choice holds for this page
  }
}

function keep(format) {
  try {
    localStorage.setItem(KEPT_AS, format);
  } catch {
    // Storage is forbidden or full: the choice holds for this page.
  }
}

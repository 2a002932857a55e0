/** The switch of odds formats: shows the other form at once, and has it remembered. */

const COOKIE = "odds_format";
const YEAR_S = 365 * 24 * 3600;

/** Let every switch of the page change the format without loading it anew. The page comes in the one last chosen. */
export function useOddsFormat(root = document) {
  // Unless it comes out of a cache, on the way back from where another was chosen.
  addEventListener("pageshow", ({ persisted }) => {
    const isDrawnBefore = persisted || performance.getEntriesByType("navigation")[0]?.transferSize === 0;
    if (isDrawnBefore && kept()) show(kept(), root);
  });
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-format-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    show(event.submitter.value, root);
    keep(form, event.submitter);
  });
}

const kept = () => document.cookie.match(/(?:^|; )odds_format=(fractional|decimal|american)(?:;|$)/)?.[1];

function show(format, root) {
  document.documentElement.dataset.oddsFormat = format;
  for (const button of root.querySelectorAll("[data-format-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === format));
  }
}

/** The cookie is for this device; the form, for whoever is signed in, on all of theirs. */
function keep(form, submitter) {
  document.cookie = `${COOKIE}=${submitter.value}; path=/; max-age=${YEAR_S}; samesite=lax`;
  const sent = { method: "POST", body: new FormData(form, submitter), headers: { Accept: "application/json" }, keepalive: true };
  fetch(form.action, sent).catch((error) => console.warn("The odds format is kept on this device only:", error));
}

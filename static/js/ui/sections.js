/** Puts a page fetched anew into the place of the old one, section by section, without taking anything from under a hand. */

/**
 * Bring the `[data-refreshed]` sections of `page` up to those of `fresh`. Children with a `data-key` are kept where they
 * are the same, or a live line that keeps itself current; others are swapped.
 */
export function swapSections(page, fresh) {
  for (const section of page.querySelectorAll("[data-refreshed]")) {
    const name = CSS.escape(section.dataset.refreshed);
    const news = fresh.querySelector(`[data-refreshed="${name}"]`);
    if (!news || section.isEqualNode(news)) continue;
    swapChildren(section, news);
    section.hidden = news.hidden;
  }
  for (const fact of ["follow", "listMark", "meetingPath", "nextOff", "renderedAt", "spreadMs"]) {
    if (fact in fresh.dataset) page.dataset[fact] = fresh.dataset[fact];
  }
}

function swapChildren(section, news) {
  const held = new Map([...section.children].filter((child) => child.dataset.key).map((child) => [child.dataset.key, child]));
  const focused = section.contains(document.activeElement) ? document.activeElement : null;
  const wanted = [...news.childNodes].map((child) => kept(held.get(child.dataset?.key), child) ?? document.adoptNode(child));
  const staying = new Set(wanted);
  for (const child of [...section.childNodes]) {
    if (!staying.has(child)) child.remove();
  }
  wanted.forEach((child, place) => {
    // Only what is elsewhere is moved: an element that is taken out loses its focus.
    if (section.childNodes[place] !== child) section.insertBefore(child, section.childNodes[place] ?? null);
  });
  refocus(section, focused);
}

function kept(old, fresh) {
  if (!old) return null;
  const isLive = "liveLine" in old.dataset && "liveLine" in fresh.dataset;
  return isLive || old.isEqualNode(fresh) ? old : null;
}

function refocus(section, focused) {
  if (!focused || section.contains(focused)) return;
  const href = focused.getAttribute("href");
  const again = href && section.querySelector(`[href="${CSS.escape(href)}"]`);
  (again ?? document.querySelector("main")).focus({ preventScroll: true });
}

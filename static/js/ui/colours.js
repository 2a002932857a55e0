/** The tokens of the page's colours, for what is drawn by hand. */

/** Return `{ name: colour }` of these tokens as they hold within `element`. */
export function coloursOf(element, names) {
  const probe = element.appendChild(document.createElement("i"));
  const colours = {};
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

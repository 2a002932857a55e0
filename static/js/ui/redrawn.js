/** Puts a part of the page as the server drew it now in the place of ours, under the hands of who works in it. */

/**
 * Replace `ours` by a copy of `drawn`. What is typed in its fields stays; the focus stays on the same button or link, and goes
 * to the part itself where that is gone: Enter must press no other. A field that somebody is in holds it back, unless
 * `isAsked`: it answers a button of ours.
 */
export function redraw(ours, drawn, isAsked) {
  const held = ours?.contains(document.activeElement) ? document.activeElement : null;
  if (!ours || !drawn || (held?.matches("input") && !isAsked)) return;
  const redrawn = document.importNode(drawn, true);
  for (const field of ours.querySelectorAll("input[id]")) if (field.value !== field.defaultValue) keepTyped(redrawn, field);
  ours.replaceWith(redrawn);
  if (held) (twinOf(held, redrawn) ?? redrawn).focus();
}

function keepTyped(redrawn, { id, value }) {
  const twin = redrawn.querySelector(`#${CSS.escape(id)}`);
  if (twin) twin.value = value;
}

function twinOf(held, redrawn) {
  if (held.id) return redrawn.querySelector(`#${CSS.escape(held.id)}`);
  if (held.matches("a[href]")) return redrawn.querySelector(`a[href="${CSS.escape(held.getAttribute("href"))}"]`);
  if (!held.name) return null;
  return redrawn.querySelector(`[name="${CSS.escape(held.name)}"][value="${CSS.escape(held.value)}"]`);
}

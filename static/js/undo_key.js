/** Ctrl+Z outside a field goes to the button that takes the last change back; Enter there does it, having shown what. */

const button = document.querySelector("[data-undo]");
const isField = (place) => place.closest?.("input, textarea, select, [contenteditable]") != null;

document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";
  if (!isUndo || isField(event.target)) return;
  event.preventDefault();
  button.focus();
});
document.querySelector("[data-undo-keys]").hidden = false;

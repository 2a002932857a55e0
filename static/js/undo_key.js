/** Ctrl+Z outside a field goes to the button that takes the last change back; Enter there does it, having shown what. */

const isField = (place) => place.closest?.("input, textarea, select, [contenteditable]") != null;

document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";
  const button = document.querySelector("[data-undo]"); // the panel around it is drawn anew
  if (!isUndo || !button || isField(event.target)) return;
  event.preventDefault();
  button.focus();
});

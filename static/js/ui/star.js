/** The star of a race, a horse, a jockey or a trainer: pressed, it does its work without leaving the page. */

/** Make the forms `[data-watch]` of this page stay. What a script cannot do the form does by itself. */
export function pressStars() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-watch]");
    if (!form || event.submitter === null) return;
    event.preventDefault();
    press(form, event.submitter);
  });
}

async function press(form, button) {
  const said = new URLSearchParams(new FormData(form, button)); // a button that is disabled says nothing
  button.disabled = true;
  const told = await send(form, said);
  button.disabled = false;
  if (told) {
    paint(button, told.watching);
    button.focus();
    form.querySelector("[data-said]").textContent = told.said;
  } else {
    leave(form, button);
  }
}

/** Return the server's `{ said, watching }`; null where there is no such answer: signed out, refused, no network. */
async function send(form, body) {
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const isOurs = answer.ok && !answer.redirected;
    return isOurs ? await answer.json() : null;
  } catch {
    return null; // the form itself then says what is wrong
  }
}

/** Send the form as without a script. `submit()` names no button, so what it would say goes along in a field. */
function leave(form, button) {
  const word = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
  form.append(word);
  form.submit();
}

function paint(button, watching) {
  button.value = watching ? "unwatch" : "watch";
  button.querySelector("[data-sign]").textContent = watching ? "★" : "☆";
  button.querySelector("[data-word]").textContent = watching ? "Watching" : "Watch";
  button.querySelector("[data-more]").textContent = ` ${button.dataset.name}${watching ? ": stop" : ""}`;
}

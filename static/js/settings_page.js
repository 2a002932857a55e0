/** The settings: a theme is shown as soon as it is chosen, and the device's own time zone is offered. */

const form = document.querySelector("[data-settings]");
const html = document.documentElement;

form.addEventListener("change", ({ target }) => {
  if (target.name === "theme") html.dataset.theme = target.value;
  if (target.name === "odds_format") html.dataset.oddsFormat = target.value;
});

offerDeviceZone(form.querySelector("[data-device-zone]"), form.elements.time_zone);

function offerDeviceZone(offer, select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...select.options].find(({ value }) => value === zone);
  if (!option || option.selected) return;
  offer.hidden = false;
  offer.querySelector("b").textContent = option.textContent;
  offer.querySelector("button").addEventListener("click", () => {
    option.selected = true;
    offer.hidden = true;
    select.focus();
  });
}

/** A form of filters is sent as soon as one is changed; without scripts it has its button. */

/** Send the forms `[data-filters]` of `page` on change. A date that is still being typed is waited for. */
export function submitOnChange(page) {
  for (const form of page.querySelectorAll("[data-filters]")) {
    form.addEventListener("change", ({ target }) => {
      if (target.matches("select")) form.requestSubmit();
    });
    // An address without the empty ones is one to share.
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
    });
  }
}

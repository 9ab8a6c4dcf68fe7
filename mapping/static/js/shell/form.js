// How does a form say what is wrong? In our words beside the field, never in the browser's bubble (it speaks the browser's language).
import { el, icon } from "datnghe/shell/dom.js";

export function startForms() {
  document.addEventListener("invalid", (event) => {
    event.preventDefault();
    say(event.target);
    const first = event.target.form?.querySelector(":invalid");
    if (first === event.target) first.focus();
  }, true);
  document.addEventListener("input", (event) => {
    if (event.target.validity?.valid) clear(event.target);
  });
  // a form sent twice by a double click is sent once
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.hasAttribute("hx-post") || form.hasAttribute("hx-get") || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    event.submitter?.classList.add("is-busy");
    setTimeout(() => { delete form.dataset.sent; event.submitter?.classList.remove("is-busy"); }, 4000);
  });
  window.addEventListener("pageshow", () => {
    for (const busy of document.querySelectorAll(".is-busy")) busy.classList.remove("is-busy");
  });
}

/** Say in a sentence why a control's value is not accepted. */
export function message(control) {
  const state = control.validity;
  if (state.customError) return control.validationMessage;
  if (state.valueMissing) {
    if (control.type === "checkbox") return gettext("Tick this box.");
    if (control.type === "file") return gettext("Choose a file.");
    return control.tagName === "SELECT" ? gettext("Choose one.") : gettext("Fill this in.");
  }
  if (state.typeMismatch && control.type === "email") return gettext("Write an e-mail address.");
  if (state.badInput) return gettext("Write a number.");
  if (state.rangeUnderflow) return interpolate(gettext("Not less than %s."), [control.min]);
  if (state.rangeOverflow) return interpolate(gettext("Not more than %s."), [control.max]);
  if (state.tooShort) return interpolate(gettext("At least %s characters."), [control.minLength]);
  if (state.tooLong) return interpolate(gettext("At most %s characters."), [control.maxLength]);
  if (state.patternMismatch && control.title) return control.title;
  return gettext("This value is not accepted.");
}

function say(control) {
  clear(control);
  control.setAttribute("aria-invalid", "true");
  const field = control.closest(".field");
  const note = el("p", { class: "error-text", "data-own-error": "", role: "alert" }, icon("warning", "icon-s"), el("span", {}, message(control)));
  if (field) { field.classList.add("has-error"); field.append(note); } else control.after(note);
}

function clear(control) {
  control.removeAttribute("aria-invalid");
  const field = control.closest(".field") || control.parentElement;
  field?.classList.remove("has-error");
  field?.querySelector("[data-own-error]")?.remove();
}

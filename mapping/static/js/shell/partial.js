// What must happen around htmx? Refusals (4xx, 5xx) are shown as toasts, new fields get their behaviours, and no choice is lost before it listens.
import { toast } from "datnghe/shell/toast.js";
import { startDates } from "datnghe/shell/date.js";
import { startFiles } from "datnghe/shell/file.js";

export function startHtmx() {
  const body = document.body;
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    // our own refusals carry HX-Retarget to #toasts; other error answers are whole pages and must not land in a fragment
    if (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget")) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  body.addEventListener("htmx:responseError", () => toast(gettext("The server did not answer as expected. Nothing was changed."), { bad: true }));
  body.addEventListener("htmx:sendError", () => toast(gettext("No connection to the server."), { bad: true }));
  body.addEventListener("htmx:load", (event) => { startDates(event.detail.elt); startFiles(event.detail.elt); });
  document.addEventListener("DOMContentLoaded", sayAgain);
}

// On a slow line a person chooses before htmx listens, and a browser puts choices back without an event: what stands there is said once more.
// htmx listens to the same event, from a script that ran before this one.
function sayAgain() {
  for (const form of document.querySelectorAll("form[hx-trigger*=change]")) {
    for (const control of form.elements) if (chosen(control)) control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function chosen(control) {
  if (control.tagName === "SELECT") return control.selectedIndex !== Math.max([...control.options].findIndex((option) => option.defaultSelected), 0);
  if (control.type === "checkbox" || control.type === "radio") return control.checked && !control.defaultChecked;
  return control.type === "file" && control.files.length > 0;
}

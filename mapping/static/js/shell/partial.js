// What must happen around an htmx swap? Refusals (4xx, 5xx) are shown as toasts, and new fields get their behaviours.
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
}

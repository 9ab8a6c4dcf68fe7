// What does every page wake up? The shell's small behaviours; each works on data- attributes, none on a page's own markup.
import { startDialogs } from "datnghe/shell/dialog.js";
import { startToasts } from "datnghe/shell/toast.js";
import { startPanel } from "datnghe/shell/panel.js";
import { startKeys } from "datnghe/shell/keys.js";
import { startForms } from "datnghe/shell/form.js";
import { startDates } from "datnghe/shell/date.js";
import { startFiles } from "datnghe/shell/file.js";
import { startDownloads } from "datnghe/shell/download.js";
import { startDisplay } from "datnghe/shell/display.js";
import { startHtmx } from "datnghe/shell/partial.js";

document.documentElement.classList.add("has-js");
startDisplay();
startDialogs();
startToasts();
startPanel();
startKeys();
startForms();
startDates(document);
startFiles(document);
startHtmx();
startDownloads();

// where a procedure stands is seen at once, also when its steps are wider than the screen
for (const step of document.querySelectorAll(".stepper [aria-current]")) {
  const steps = step.parentElement;
  const [at, from] = [step, steps].map((each) => each.getBoundingClientRect());
  steps.scrollLeft = at.left + at.width / 2 - from.left - from.width / 2;
}

// a page that answers a form has an address of its own: a reload then looks there instead of sending the form again
const own = document.querySelector("link[data-address]");
if (own) history.replaceState(history.state, "", own.getAttribute("href"));

for (const button of document.querySelectorAll("[data-back]")) {
  if (history.length > 1) {
    button.hidden = false;
    button.addEventListener("click", () => history.back());
  }
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const { toast } = await import("datnghe/shell/toast.js");
    try {
      await navigator.clipboard.writeText(button.dataset.copy || location.href);
      toast(gettext("Copied."));
    } catch {
      toast(button.dataset.copy || location.href, { stay: true });
    }
  });
}

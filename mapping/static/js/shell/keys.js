// Which keys work everywhere? "/" goes to the search box, "?" opens the sheet of keys.
import { openDialog } from "datnghe/shell/dialog.js";

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const box = document.querySelector("[data-search]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === "?") { event.preventDefault(); openDialog("help-sheet"); }
  });
}

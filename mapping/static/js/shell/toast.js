// How does a short message reach the person? A toast in #toasts (a live region); errors stay until they are closed.
import { el, icon } from "datnghe/shell/dom.js";

const SHOWN_MS = 6000;

/** Show *text*. bad: red and stays; action: {label, run} puts a button (Undo) in it. Returns the element. */
export function toast(text, { bad = false, stay = false, action = null } = {}) {
  const node = el("div", { class: `toast${bad ? " toast-bad" : ""}`, "data-toast": "" },
    icon(bad ? "warning" : "clear"), el("span", { class: "grow" }, text));
  if (action) node.append(el("button", { type: "button", onclick: () => { node.remove(); action.run(); } }, action.label));
  node.append(el("button", { type: "button", "data-toast-close": "" }, gettext("Close")));
  if (bad || stay) node.dataset.toastStay = "";
  document.getElementById("toasts")?.append(node);
  arm(node);
  return node;
}

/** Show a Problem of http.js as a sentence with the way out. */
export function toastProblem(problem) {
  return toast([problem.message, problem.where, problem.todo].filter(Boolean).join(" "), { bad: true });
}

function arm(node) {
  if (node.dataset.armed) return;
  node.dataset.armed = "1";
  node.querySelector("[data-toast-close]")?.addEventListener("click", () => node.remove());
  if (!("toastStay" in node.dataset) && !node.classList.contains("toast-bad")) {
    let timer = setTimeout(() => node.remove(), SHOWN_MS);
    node.addEventListener("pointerenter", () => clearTimeout(timer));
    node.addEventListener("pointerleave", () => { timer = setTimeout(() => node.remove(), SHOWN_MS); });
  }
}

export function startToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;
  region.querySelectorAll("[data-toast]").forEach(arm);
  new MutationObserver(() => region.querySelectorAll("[data-toast]").forEach(arm)).observe(region, { childList: true });
}

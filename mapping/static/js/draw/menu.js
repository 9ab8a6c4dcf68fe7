// What can be done right here? A context menu at the pointer; keyboard and Escape work in it.
import { el, icon } from "datnghe/shell/dom.js";

let open = null;

/** Open a menu of {icon, text, run} at a pointer event; null items are skipped. */
export function openMenu(event, items) {
  event.preventDefault?.();
  closeMenu();
  const before = document.activeElement;
  open = el("ul", { class: "menu-list map-menu", role: "menu" }, items.filter(Boolean).map((item) => el("li", { role: "none" },
    el("button", { type: "button", role: "menuitem", onclick: () => { closeMenu(); item.run(); } }, icon(item.icon, "icon-s"), item.text))));
  document.body.append(open);
  const point = event.touches?.[0] || event.changedTouches?.[0] || event;
  const box = open.getBoundingClientRect();
  open.style.left = `${Math.max(4, Math.min(point.clientX, innerWidth - box.width - 4))}px`;
  open.style.top = `${Math.max(4, Math.min(point.clientY, innerHeight - box.height - 4))}px`;
  open.querySelector("button")?.focus();
  open.addEventListener("keydown", (key) => {
    const buttons = [...open.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (key.key === "ArrowDown") buttons[(at + 1) % buttons.length].focus();
    else if (key.key === "ArrowUp") buttons.at(at - 1).focus();
    else if (key.key === "Escape" || key.key === "Tab") { closeMenu(); before?.focus?.(); } else return;
    key.preventDefault();
    key.stopPropagation();
  });
}

export function closeMenu() {
  open?.remove();
  open = null;
}

document.addEventListener("pointerdown", (event) => { if (open && !open.contains(event.target)) closeMenu(); });

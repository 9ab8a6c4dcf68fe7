// How is a date entered? As text dd/mm/yyyy, with our own small calendar ([data-date] inputs made by mapping.fields.DateField).
import { el, icon } from "datnghe/shell/dom.js";

const DAYS = () => [gettext("Mo"), gettext("Tu"), gettext("We"), gettext("Th"), gettext("Fr"), gettext("Sa"), gettext("Su")];
const two = (n) => String(n).padStart(2, "0");

export const write = (day) => `${two(day.getDate())}/${two(day.getMonth() + 1)}/${day.getFullYear()}`;

/** Read d/m/yyyy (also with dots or dashes); null when it is no date. */
export function read(text) {
  const match = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/.exec(text);
  if (!match) return null;
  const [, d, m, y] = match.map(Number);
  const day = new Date(y, m - 1, d);
  return day.getMonth() === m - 1 && day.getDate() === d ? day : null;
}

export function startDates(root) {
  for (const input of root.querySelectorAll("input[data-date]:not([data-ready])")) equip(input);
}

function equip(input) {
  input.dataset.ready = "1";
  const button = el("button", { type: "button", class: "button button-icon", "aria-label": gettext("Open the calendar"), "aria-expanded": "false" }, icon("calendar"));
  const box = el("div", { class: "date-field" });
  input.replaceWith(box);
  box.append(input, button);
  const check = () => input.setCustomValidity(input.value && !read(input.value) ? gettext("Write the date as dd/mm/yyyy.") : "");
  input.addEventListener("input", check);
  input.addEventListener("change", () => { const day = read(input.value); if (day) input.value = write(day); check(); });
  let open = null;
  const close = () => { open?.remove(); open = null; button.setAttribute("aria-expanded", "false"); };
  const show = (month) => {
    const had = open;
    open = calendar(month, read(input.value), (day) => {
      input.value = write(day);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      close();
      input.focus();
    }, show);
    if (had) had.replaceWith(open); else box.append(open);
    button.setAttribute("aria-expanded", "true");
  };
  button.addEventListener("click", () => {
    if (open) { close(); return; }
    const day = read(input.value) || new Date();
    show(new Date(day.getFullYear(), day.getMonth(), 1));
    (open.querySelector("[aria-selected=true]") || open.querySelector("[aria-current=date]") || open.querySelector("td button"))?.focus();
  });
  box.addEventListener("keydown", (event) => { if (event.key === "Escape" && open) { event.stopPropagation(); close(); button.focus(); } });
  document.addEventListener("pointerdown", (event) => { if (open && !box.contains(event.target)) close(); });
}

function calendar(month, chosen, choose, show) {
  const today = write(new Date());
  const first = new Date(month);
  first.setDate(1 - ((month.getDay() + 6) % 7));
  const rows = [];
  for (let week = 0; week < 6; week += 1) {
    const cells = [];
    for (let day = 0; day < 7; day += 1) {
      const date = new Date(first.getFullYear(), first.getMonth(), first.getDate() + week * 7 + day);
      cells.push(el("td", {}, el("button", {
        type: "button",
        class: date.getMonth() === month.getMonth() ? "" : "is-outside",
        "aria-label": write(date),
        "aria-current": write(date) === today ? "date" : null,
        "aria-selected": chosen && write(date) === write(chosen) ? "true" : null,
        "data-offset": week * 7 + day,
        onclick: () => choose(date),
      }, String(date.getDate()))));
    }
    rows.push(el("tr", {}, cells));
  }
  const step = (by) => show(new Date(month.getFullYear(), month.getMonth() + by, 1));
  const nav = (name, label, by) => el("button", { type: "button", class: "button button-quiet button-icon button-small", "aria-label": label, onclick: () => step(by) }, icon(name));
  const grid = el("table", {}, el("thead", {}, el("tr", {}, DAYS().map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows));
  grid.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (!by || !event.target.dataset.offset) return;
    event.preventDefault();
    grid.querySelector(`[data-offset="${Number(event.target.dataset.offset) + by}"]`)?.focus();
  });
  return el("div", { class: "calendar", role: "dialog", "aria-label": gettext("Calendar") },
    el("div", { class: "calendar-head" }, nav("chevron-left", gettext("Previous month"), -1),
      el("span", {}, interpolate(gettext("Month %(month)s, %(year)s"), { month: month.getMonth() + 1, year: month.getFullYear() }, true)),
      nav("chevron-right", gettext("Next month"), 1)), grid);
}

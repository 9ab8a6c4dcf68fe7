// Which corners does the boundary have? The table in the panel, whose rows and corners on the map find each other.
import { debounce, el, icon } from "datnghe/shell/dom.js";
import { number } from "datnghe/shell/number.js";
import { sendJson } from "datnghe/shell/http.js";
import { toastProblem } from "datnghe/shell/toast.js";
import { payload, zoneOf } from "datnghe/draw/model.js";

/** The table of the drawn zone. */
export class CornersPanel extends EventTarget {
  constructor(root, url, editable, context) {
    super();
    Object.assign(this, { root, url, editable, context, rows: [] });
    this.refresh = debounce(350, () => this.#load());
    this.#empty();
  }

  changed(state) {
    this.state = state;
    this.root.classList.add("is-stale");
    if (!this.root.hidden) this.refresh();
  }

  /** The tab was opened. */
  shown() { if (this.root.classList.contains("is-stale") || !this.rows.length) this.refresh(); }

  /** A corner on the map is under the pointer. */
  point(latlng) {
    for (const row of this.rows) row.node.classList.toggle("is-selected", Boolean(latlng) && near(row.at, [latlng.lng, latlng.lat]));
  }

  focus(at) {
    const row = this.rows.find((one) => near(one.at, at));
    row?.node.scrollIntoView({ block: "center" });
    (row?.node.querySelector("input") || row?.node)?.focus();
  }

  #empty() {
    this.rows = [];
    this.root.replaceChildren(el("div", { class: "empty" }, icon("coordinates"), el("h3", {}, gettext("No corners yet")), el("p", {}, gettext("Draw the boundary, or paste a corner table copied from Excel.")), this.#paste()));
  }

  #paste() {
    return this.editable ? el("button", { type: "button", class: "button", onclick: () => this.dispatchEvent(new Event("paste")) }, icon("coordinates", "icon-s"), gettext("Enter coordinates")) : null;
  }

  async #load() {
    if (!zoneOf(this.state)) { this.root.classList.remove("is-stale"); this.#empty(); return; }
    const asked = this.state;
    try {
      const table = await sendJson(this.url, { ...payload(asked), ...this.context() });
      if (asked === this.state) this.#show(table);
    } catch (problem) {
      if (asked !== this.state) return;
      this.rows = [];
      this.root.classList.remove("is-stale");
      this.root.replaceChildren(el("div", { class: "notice notice-warn" }, icon("warning"), el("div", {}, problem.message, " ", problem.todo)));
    }
  }

  #show(table) {
    this.rows = [];
    this.root.classList.remove("is-stale");
    const blocks = table.blocks.map((block) => el("tbody", {}, block.title ? el("tr", {}, el("th", { colspan: 4, scope: "rowgroup" }, block.title)) : null, block.rows.map((row) => this.#row(row))));
    this.root.replaceChildren(
      el("p", { class: "small" }, table.crs, el("br"), el("span", { class: "muted" }, interpolate(gettext("Datum operation: %s"), [table.operation]))),
      el("div", { class: "table-wrap" }, el("table", { class: "table table-tight corner-table" }, el("caption", { class: "visually-hidden" }, gettext("Corner table")),
        el("thead", {}, el("tr", {}, [gettext("Point"), gettext("X (m), northing"), gettext("Y (m), easting"), gettext("Side (m)")].map((name, i) => el("th", { scope: "col", class: i ? "num" : null }, name)))), blocks)),
      el("div", { class: "row" }, this.#paste(), el("button", { type: "button", class: "button", onclick: (event) => this.#copy(table, event.currentTarget) }, icon("copy", "icon-s"), gettext("Copy for Excel"))));
  }

  #row(row) {
    const entry = { at: row.at };
    const cell = (axis) => (this.editable ? el("input", { class: "corner-input", inputmode: "decimal", value: number(row[axis], 3), "aria-label": `${axis.toUpperCase()} ${row.name}`, onchange: (event) => this.#moved(row, axis, event.target) }) : number(row[axis], 3));
    entry.node = el("tr", { tabindex: this.editable ? null : "0" }, el("th", { scope: "row" }, row.name), el("td", { class: "num" }, cell("x")), el("td", { class: "num" }, cell("y")), el("td", { class: "num" }, number(row.side, 2)));
    const mark = (at) => () => this.dispatchEvent(new CustomEvent("mark", { detail: at }));
    for (const name of ["pointerenter", "focusin"]) entry.node.addEventListener(name, mark(row.at));
    for (const name of ["pointerleave", "focusout"]) entry.node.addEventListener(name, mark(null));
    if (this.editable) entry.node.addEventListener("keydown", (event) => { if (event.key === "Delete" && event.ctrlKey) this.dispatchEvent(new CustomEvent("remove", { detail: row.at })); });
    this.rows.push(entry);
    return entry.node;
  }

  async #moved(row, axis, input) {
    const value = readNumber(input.value);
    if (value === null) { input.value = number(row[axis], 3); return; }
    try {
      const { at } = await sendJson(this.url, { point: axis === "x" ? [value, row.y] : [row.x, value] });
      this.dispatchEvent(new CustomEvent("move", { detail: { from: row.at, to: at } }));
    } catch (problem) { toastProblem(problem); input.value = number(row[axis], 3); }
  }

  async #copy(table, button) {
    const comma = (v, places) => v.toFixed(places).replace(".", ",");
    const text = table.blocks.flatMap((block) => [...(block.title ? [block.title] : []), ...block.rows.map((row) => [row.name, comma(row.x, 3), comma(row.y, 3), comma(row.side, 2)].join("\t"))]).join("\n");
    try { await navigator.clipboard.writeText(text); button.lastChild.textContent = gettext("Copied."); } catch { toastProblem({ message: gettext("The browser does not allow copying here."), where: "", todo: "" }); }
  }
}

const near = (a, b) => Math.abs(a[0] - b[0]) < 3e-8 && Math.abs(a[1] - b[1]) < 3e-8;

/** Read a numeral of the table: 1.400.856,190 or 1400856.19; null when it is none. */
export function readNumber(text) {
  const bare = text.replace(/[\s\u00a0]/g, "");
  const last = Math.max(bare.lastIndexOf(","), bare.lastIndexOf("."));
  const marks = (bare.match(/[.,]/g) || []).length;
  const grouped = marks > 1 && new Set(bare.match(/[.,]/g)).size === 1;
  const plain = last < 0 || grouped ? bare.replace(/[.,]/g, "") : `${bare.slice(0, last).replace(/[.,]/g, "")}.${bare.slice(last + 1)}`;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

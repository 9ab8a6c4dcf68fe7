// How do a corner table and the boundary turn into each other? Paste from Excel; a table whose rows and corners find each other.
import { debounce, el, icon } from "datnghe/shell/dom.js";
import { m2AsHa, number } from "datnghe/shell/number.js";
import { sendJson } from "datnghe/shell/http.js";
import { toastProblem } from "datnghe/shell/toast.js";
import { openDialog } from "datnghe/shell/dialog.js";
import { payload, polygonsOf, zoneOf } from "datnghe/draw/model.js";
import { boxOf } from "datnghe/draw/geo.js";

const GHOST = { interactive: false, pmIgnore: true, snapIgnore: true };

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

/** The dialog that reads a pasted table, shows where it lands, and hands the polygons over. */
export function startPasting(map, url, context, use) {
  const dialog = document.getElementById("paste-corners");
  const text = dialog.querySelector("[data-corner-text]");
  const answer = dialog.querySelector("[data-corner-answer]");
  const [useButton, addButton] = [dialog.querySelector("[data-corner-use]"), dialog.querySelector("[data-corner-add]")];
  const ghosts = L.layerGroup().addTo(map);
  let chosen = null;
  const choose = (candidate) => { chosen = candidate; useButton.disabled = addButton.disabled = !candidate; };
  const read = debounce(350, async () => {
    choose(null);
    ghosts.clearLayers();
    if (!text.value.trim()) { answer.replaceChildren(); return; }
    try {
      show(await sendJson(url, { text: text.value, ...context() }));
    } catch (problem) {
      answer.replaceChildren(el("div", { class: "notice notice-bad", role: "alert" }, icon("warning"), el("div", {}, el("strong", {}, problem.message), problem.where ? el("p", {}, problem.where) : null, problem.todo ? el("p", {}, problem.todo) : null)), remarks(problem.body?.remarks || []));
    }
  });
  const show = (found) => {
    const [best, ...others] = found.candidates;
    const said = [interpolate(ngettext("%s corner", "%s corners", found.corners), [found.corners])];
    if (found.blocks.length > 1) said.push(interpolate(gettext("%s areas"), [found.blocks.length]));
    if (found.swapped) said.push(gettext("columns swapped: Y stands before X, they were turned"));
    if (found.degrees) said.push(gettext("read as degrees"));
    const radio = (one, checked) => el("label", { class: "check" }, el("input", { type: "radio", name: "meridian", checked, onchange: () => { choose(one); preview(found.candidates, one); } }),
      el("span", {}, el("b", {}, one.label), " · ", m2AsHa(one.area_m2), el("br"), el("span", { class: "list-meta" }, landing(one))));
    answer.replaceChildren(
      el("p", {}, icon("check", "icon-s"), " ", said.join(" · ")),
      el("fieldset", { class: "field" }, el("legend", {}, gettext("Coordinate system")), radio(best, true), others.length ? el("details", { open: best.lands === "outside" }, el("summary", { class: "small" }, interpolate(ngettext("%s other reading", "%s other readings", others.length), [others.length])), others.map((one) => radio(one, false))) : null),
      remarks(found.remarks));
    choose(best);
    preview(found.candidates, best);
  };
  const preview = (candidates, best) => {
    ghosts.clearLayers();
    for (const one of candidates) L.geoJSON(one.zone, { ...GHOST, style: { color: one === best ? "#b3005e" : "#585c61", weight: one === best ? 3 : 1.5, dashArray: "6 4", fillOpacity: one === best ? 0.1 : 0, ...GHOST } }).addTo(ghosts);
    const box = boxOf(best.zone);
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [80, 80], maxZoom: 16 });
  };
  text.addEventListener("input", read);
  dialog.addEventListener("close", () => ghosts.clearLayers());
  const finish = (add) => { if (!chosen) return; const polygons = polygonsOf(chosen.zone); text.value = ""; answer.replaceChildren(); dialog.close(); use(polygons, add); choose(null); };
  useButton.addEventListener("click", () => finish(false));
  addButton.addEventListener("click", () => finish(true));
  return () => { openDialog("paste-corners"); text.focus(); };
}

function landing(one) {
  if (one.lands === "unit") return interpolate(gettext("lands in %s, the unit of the proposal"), [one.place]);
  if (one.lands === "province") return interpolate(gettext("lands in %s"), [one.place]);
  return gettext("lands outside the province");
}

function remarks(list) {
  if (!list.length) return "";
  return el("ul", { class: "corner-remarks small" }, list.slice(0, 30).map((one) => el("li", { class: one.bad ? "is-bad" : "" }, icon(one.bad ? "warning" : "info", "icon-s"), el("span", {}, interpolate(gettext("Row %(line)s: %(text)s"), one, true)))));
}

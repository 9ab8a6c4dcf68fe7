// Which land-use parts does the zone have? Pieces cut by the lines, each with a use from the list, and the ratios against limits.
import { el, icon } from "datnghe/shell/dom.js";
import { m2AsHa, percent } from "datnghe/shell/number.js";
import { boxOf } from "datnghe/draw/geo.js";
import { landSwatch } from "datnghe/draw/report.js";

const QUIET = { interactive: false, pmIgnore: true, snapIgnore: true };

export class PartsPanel extends EventTarget {
  constructor(root, map, uses, editable) {
    super();
    Object.assign(this, { root, map, uses, editable, parts: [] });
    this.layer = L.layerGroup().addTo(map);
    this.hover = L.layerGroup().addTo(map);
    this.show(null);
  }

  stale() { this.root.classList.add("is-stale"); }

  show(report) {
    this.root.classList.remove("is-stale");
    this.parts = report?.parts || [];
    this.layer.clearLayers();
    this.hover.clearLayers();
    this.parts.forEach((part) => this.#paint(part));
    const split = this.editable ? el("button", { type: "button", class: "button", onclick: () => this.dispatchEvent(new CustomEvent("want", { detail: "split" })) }, icon("split", "icon-s"), gettext("Split by a line")) : null;
    if (!this.parts.length) {
      this.root.replaceChildren(el("div", { class: "empty" }, icon("split"), el("h3", {}, gettext("Not divided into parts")),
        el("p", {}, gettext("Cut the boundary with lines; every piece then gets a use. The pieces always fill the boundary exactly.")), report ? split : null));
      return;
    }
    this.root.replaceChildren(
      el("div", { class: "table-wrap" }, el("table", { class: "table table-tight parts-table" }, el("caption", { class: "visually-hidden" }, gettext("Land-use parts")),
        el("thead", {}, el("tr", {}, ["", gettext("Use"), gettext("Area"), gettext("Share"), ""].map((name, i) => el("th", { scope: "col", class: i === 2 || i === 3 ? "num" : null }, name)))),
        el("tbody", {}, this.parts.map((part) => this.#row(part))))),
      split || "", this.#ratios(report.ratios || []));
  }

  #colour(code) { return this.uses.find((use) => use.code === code)?.colour || "#d9d9d2"; }

  #row(part) {
    const choose = el("select", { class: "select", "aria-label": interpolate(gettext("Use of part %s"), [part.number]), disabled: !this.editable, onchange: (event) => this.dispatchEvent(new CustomEvent("use", { detail: { part, use: event.target.value } })) },
      this.uses.map((use) => el("option", { value: use.code, selected: use.code === part.use }, use.name)));
    const row = el("tr", { "data-part": part.number }, el("th", { scope: "row" }, String(part.number)), el("td", {}, el("span", { class: "part-use" }, landSwatch(this.#colour(part.use)), choose)),
      el("td", { class: "num" }, m2AsHa(part.area_m2)), el("td", { class: "num" }, percent(part.share)),
      el("td", {}, this.editable && this.parts.length > 1 ? el("button", { type: "button", class: "button button-quiet button-icon button-small", title: gettext("Take this part out of the boundary"), "aria-label": interpolate(gettext("Take part %s out of the boundary"), [part.number]), onclick: () => this.dispatchEvent(new CustomEvent("drop", { detail: part })) }, icon("trash", "icon-s")) : null));
    row.addEventListener("pointerenter", () => this.#mark(part));
    row.addEventListener("focusin", () => this.#mark(part));
    row.addEventListener("pointerleave", () => this.hover.clearLayers());
    row.addEventListener("focusout", () => this.hover.clearLayers());
    return row;
  }

  #mark(part) {
    this.hover.clearLayers();
    L.geoJSON(part.geometry, { ...QUIET, style: { color: "#1d2321", weight: 4, fill: false, ...QUIET } }).addTo(this.hover);
  }

  #paint(part) {
    L.geoJSON(part.geometry, { ...QUIET, style: { stroke: false, fillColor: this.#colour(part.use), fillOpacity: part.use === "unassigned" ? 0.25 : 0.5, ...QUIET } }).addTo(this.layer);
    const box = boxOf(part.geometry);
    const at = part.at || [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    L.marker([at[1], at[0]], { ...QUIET, keyboard: false, pane: "zone-tags", icon: L.divIcon({ className: "part-number", html: el("span", {}, String(part.number)), iconSize: [22, 22] }) }).addTo(this.layer);
  }

  #ratios(ratios) {
    if (!ratios.length) return "";
    const limit = ({ min, max }) => (min !== null && max !== null ? `${percent(min, 0)} – ${percent(max, 0)}` : min !== null ? `≥ ${percent(min, 0)}` : max !== null ? `≤ ${percent(max, 0)}` : "–");
    return el("section", { class: "ratios" }, el("h3", {}, gettext("Ratios against limits")), el("ul", { class: "findings" }, ratios.map((ratio) => {
      const sev = ratio.ok === null ? "not_checked" : ratio.ok ? "clear" : "condition";
      return el("li", { class: "finding severity-rail", "data-sev": sev }, el("div", { class: "finding-head" }, icon(sev, "severity-icon"), el("span", { class: "grow" }, el("span", { class: "finding-title" }, ratio.title), el("span", { class: "list-meta" }, interpolate(gettext("limit %s"), [limit(ratio)]))), el("span", { class: "finding-figures num" }, el("b", {}, percent(ratio.value)))));
    })));
  }
}

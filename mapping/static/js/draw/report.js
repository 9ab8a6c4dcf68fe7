// What does the check say? The panel: one sentence, counters that filter, area, findings, existing land use, basis.
// Hover shows a piece on the map, a click zooms to it and a second one back; figures of an older boundary turn grey.
import { lookAt } from "datnghe/map/look.js";
import { el, icon } from "datnghe/shell/dom.js";
import { ha, m2AsHa, metres, number, percent } from "datnghe/shell/number.js";
import { installPatterns, severityStyle, swatch } from "datnghe/map/patterns.js";
import { gauge } from "datnghe/draw/ink.js";
import { boxOf } from "datnghe/draw/geo.js";
import { ALL } from "datnghe/draw/ways_out.js";

const ORDER = ["not_computable", "prohibited", "condition", "advice", "contact", "not_checked", "clear"];
const COUNTED = ["prohibited", "condition", "advice", "clear", "not_checked"];
const QUIET = { interactive: false, pmIgnore: true, snapIgnore: true };
const WORDS = () => ({
  prohibited: gettext("prohibited"), condition: gettext("conditional"), advice: gettext("advisory"), contact: gettext("touching (within tolerance)"),
  clear: gettext("clear"), not_checked: gettext("not checked (no data)"), not_computable: gettext("not computable"),
});

export class ReportPanel extends EventTarget {
  constructor(root, map, { editable = true, ways = null, disputeUrl = "" } = {}) {
    super();
    Object.assign(this, { root, map, editable, ways, disputeUrl, filter: null, opened: new Set() });
    installPatterns();
    this.body = el("div", { class: "report" });
    this.status = el("p", { class: "visually-hidden", role: "status" });
    root.append(this.status, this.body);
    this.pieces = L.layerGroup().addTo(map);
    this.empty();
  }

  stale() { this.body.classList.add("is-stale"); this.pieces.clearLayers(); this.ways?.stale(); }

  asking() { if (!this.report) this.body.replaceChildren(waiting()); }

  empty() {
    this.report = null;
    this.pieces.clearLayers();
    this.body.classList.remove("is-stale");
    const start = this.editable ? [
      el("button", { type: "button", class: "button button-primary", onclick: () => this.dispatchEvent(new CustomEvent("want", { detail: "polygon" })) }, icon("polygon", "icon-s"), gettext("Draw an area")),
      el("button", { type: "button", class: "button", onclick: () => this.dispatchEvent(new CustomEvent("want", { detail: "coordinates" })) }, icon("coordinates", "icon-s"), gettext("Enter coordinates")),
    ] : [];
    this.body.replaceChildren(el("div", { class: "empty" }, icon("polygon"), el("h3", {}, gettext("No boundary yet")),
      el("p", {}, gettext("Draw one on the map. At every pause the check says here what the boundary runs into.")), el("div", { class: "row" }, start)));
  }

  /** A refusal of the check: the boundary cannot be computed with, or the server cannot be reached. */
  problem(error, crossed) {
    this.body.classList.remove("is-stale");
    this.pieces.clearLayers();
    this.report = null;
    const broken = error.status === 422 && !["NO_BOUNDARY", "KIND_UNKNOWN"].includes(error.code);
    const buttons = [];
    if (broken && this.editable) buttons.push(el("button", { type: "button", class: "button button-primary", onclick: () => this.dispatchEvent(new Event("repair")) }, gettext("Repair")));
    const at = error.body?.at || crossed?.[0];
    if (broken && at) buttons.push(el("button", { type: "button", class: "button", onclick: () => lookAt(this.map, [at[1], at[0]], { minZoom: 17 }) }, gettext("Show me")));
    this.body.replaceChildren(el("div", { class: `notice ${broken ? "notice-bad" : "notice-warn"}`, role: "alert" }, icon(error.status === 0 ? "offline" : "warning"),
      el("div", {}, el("strong", {}, error.message), error.todo ? el("p", {}, error.todo) : null,
        crossed?.length ? el("p", { class: "small" }, interpolate(ngettext("%s crossing is marked on the map.", "%s crossings are marked on the map.", crossed.length), [crossed.length])) : null,
        buttons.length ? el("div", { class: "row" }, buttons) : null)));
  }

  show(report) {
    this.report = report;
    this.body.classList.remove("is-stale");
    this.pieces.clearLayers();
    this.status.textContent = report.verdict.text;
    const findings = [...report.findings].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
    const open = findings.filter((one) => one.outcome === "not_checked" || one.outcome === "not_computable");
    const others = findings.filter((one) => !open.includes(one) && one.outcome !== "clear");
    const clear = findings.filter((one) => one.outcome === "clear");
    this.groups = el("div", {}, this.#list(gettext("What it runs into"), others), this.#list(gettext("Not checked"), open), this.#clear(clear));
    this.body.replaceChildren(
      el("div", { class: "verdict", "data-sev": report.verdict.sev }, icon(report.verdict.sev), el("span", {}, report.verdict.text)),
      this.#counters(report.counts), this.#area(report), this.#allWays(findings) || "", this.groups, this.#landUse(report), this.#basis(report),
    );
    this.#applyFilter();
  }

  // --- parts of the panel ------------------------------------------------------------------------------------------------

  #counters(counts) {
    const button = (sev) => el("li", {}, el("button", {
      type: "button", class: "counter", "data-sev": sev, "data-zero": counts[sev] ? null : "", "aria-pressed": String(this.filter === sev),
      onclick: () => { this.filter = this.filter === sev ? null : sev; this.#applyFilter(); },
    }, el("b", {}, icon(sev), String(counts[sev] || 0)), sev === "not_checked" ? gettext("not checked") : WORDS()[sev]));
    this.counters = el("ul", { class: "counters" }, COUNTED.map(button));
    return this.counters;
  }

  #applyFilter() {
    for (const button of this.counters?.querySelectorAll(".counter") || []) button.setAttribute("aria-pressed", String(button.dataset.sev === this.filter));
    for (const row of this.groups?.querySelectorAll("[data-outcome]") || []) row.hidden = Boolean(this.filter) && row.dataset.outcome !== this.filter;
    for (const group of this.groups?.querySelectorAll(".finding-group") || []) {
      group.hidden = !group.querySelector("[data-outcome]:not([hidden])");
      if (this.filter === "clear" && group.tagName === "DETAILS") group.open = true;
    }
  }

  #area({ area_ha: area, area_m2: exact, size }) {
    const range = size.max_ha === null ? "" : size.min_ha === null
      ? interpolate(gettext("at most %s"), [ha(size.max_ha, 0)])
      : interpolate(gettext("allowed %(min)s – %(max)s"), { min: number(size.min_ha, 0), max: ha(size.max_ha, 0) }, true);
    return el("div", { class: `report-area${size.ok === false ? " is-outside" : ""}` },
      el("div", { class: "row-apart" }, el("b", { class: "report-ha" }, ha(area)), el("span", { class: "small" }, range)),
      size.max_ha === null ? null : gauge(area, size),
      size.ok === false ? el("p", { class: "error-text" }, icon("warning", "icon-s"), el("span", {}, size.min_ha !== null && area < size.min_ha ? gettext("Below the minimum.") : gettext("Above the maximum."))) : null,
      size.reason ? el("p", { class: "small muted" }, size.reason) : null,
      el("p", { class: "visually-hidden" }, `${number(exact, 1)} m²`));
  }

  #list(title, findings) {
    if (!findings.length) return null;
    return el("section", { class: "finding-group" }, el("h3", {}, title), el("ul", { class: "findings" }, findings.map((one) => this.#row(one))));
  }

  #clear(findings) {
    if (!findings.length) return null;
    return el("details", { class: "fold finding-group" }, el("summary", {}, icon("clear"), interpolate(ngettext("%s question is clear", "%s questions are clear", findings.length), [findings.length])),
      el("ul", { class: "findings" }, findings.map((one) => this.#row(one))));
  }

  #row(one) {
    const figures = [];
    if (one.overlap_m2) figures.push(el("b", {}, one.overlap_m2 < 50 ? `${number(one.overlap_m2, 1)} m²` : m2AsHa(one.overlap_m2)), one.share_of_zone ? percent(one.share_of_zone) : null);
    if (one.outcome === "not_checked" && one.unchecked_share) figures.push(interpolate(gettext("%s not checked"), [percent(one.unchecked_share)]));
    if (one.distance_m !== null && !one.overlap_m2) figures.push(interpolate(gettext("%s away"), [metres(one.distance_m)]));
    const body = this.#details(one);
    const id = `finding-${one.key.replace(/[^\w-]/g, "-")}`;
    const item = el("li", { class: "finding severity-rail", "data-sev": one.outcome, "data-outcome": one.outcome, "data-key": one.key });
    const head = el("button", { type: "button", class: "finding-head", "aria-expanded": "false", "aria-controls": id },
      icon(one.outcome, "severity-icon"),
      el("span", { class: "grow" }, el("span", { class: "finding-title" }, one.title), el("span", { class: "list-meta" }, one.outcome === "clear" || one.outcome === "not_checked" ? "" : `${one.word}`, one.feature ? ` · ${one.feature}` : "", one.feature_count > 1 ? interpolate(gettext(" and %s more"), [one.feature_count - 1]) : "")),
      el("span", { class: "finding-figures num" }, figures.filter(Boolean).map((figure) => el("span", {}, figure))), icon("chevron-down", "icon-s caret"));
    const fold = el("div", { class: "finding-body", id, hidden: true }, body);
    const toggle = (open) => {
      fold.hidden = !open;
      head.setAttribute("aria-expanded", String(open));
      if (open) this.opened.add(one.key); else this.opened.delete(one.key);
    };
    head.addEventListener("click", () => {
      const open = fold.hidden;
      toggle(open);
      if (open) this.#zoom(one); else this.#back();
    });
    for (const [enter, leave] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
      item.addEventListener(enter, () => this.#outline(one));
      item.addEventListener(leave, () => this.pieces.clearLayers());
    }
    if (this.opened.has(one.key)) toggle(true);
    item.append(head, fold);
    return item;
  }

  #details(one) {
    const facts = [];
    const fact = (name, value) => value && facts.push(el("dt", {}, name), el("dd", {}, value));
    fact(gettext("Nearest distance"), one.distance_m === null ? "" : metres(one.distance_m));
    fact(gettext("Distance asked for"), one.required_m ? metres(one.required_m) : "");
    fact(gettext("Ask"), one.body);
    fact(gettext("Source"), one.layer ? `${one.layer}${one.edition ? `, ${one.edition}` : ""}` : "");
    fact(gettext("Legal basis"), one.citation);
    const buttons = [];
    if (one.geometry || one.nearest_line) buttons.push(el("button", { type: "button", class: "button button-small", onclick: () => this.#zoom(one) }, icon("zoom", "icon-s"), gettext("Show")));
    const [way, ways] = one.ways_out && this.editable && this.ways ? this.ways.disclosure(one.key, one.title) : [null, null];
    if (way) buttons.push(way);
    if (one.ways_out && this.disputeUrl) buttons.push(el("a", { class: "button button-small button-quiet", href: this.disputeUrl }, icon("comment", "icon-s"), gettext("Disagree …")));
    return [
      one.text ? el("p", {}, one.text) : null,
      one.next_step ? el("p", { class: "finding-next" }, icon("arrow-right", "icon-s"), el("span", {}, one.next_step)) : null,
      facts.length ? el("dl", { class: "facts" }, facts) : null,
      one.verified ? null : el("p", { class: "small muted" }, gettext("The figure was not yet compared with the printed text.")),
      one.schematic ? el("p", { class: "small muted" }, gettext("Illustrative data, not official.")) : null,
      one.overdue_days > 0 ? el("p", { class: "small muted" }, overdueWords(one.overdue_days)) : null,
      buttons.length ? el("div", { class: "row" }, buttons) : null,
      ways,
    ];
  }

  // every forbidden conflict at once, when there is more than one
  #allWays(findings) {
    if (!this.editable || !this.ways || findings.filter((one) => one.outcome === "prohibited" && one.ways_out).length < 2) return null;
    return el("div", { class: "ways-all" }, this.ways.disclosure(ALL, gettext("all forbidden conflicts"), gettext("Ways out of all forbidden conflicts")));
  }

  #landUse({ land_use: rows, area_m2: whole }) {
    if (!rows?.length) return null;
    const sum = rows.reduce((total, row) => total + row.area_m2, 0);
    const line = (row) => el("tr", {}, el("th", { scope: "row" }, landSwatch(row.colour, row.code), el("span", {}, row.code ? `${row.code} · ` : "", row.name)),
      el("td", { class: "num" }, m2AsHa(row.area_m2)), el("td", { class: "num" }, percent(row.share)), el("td", { class: "num" }, row.code ? number(row.parcels) : "–"));
    return el("section", { class: "report-land" }, el("h3", {}, gettext("Existing land use inside the boundary")),
      el("div", { class: "table-wrap" }, el("table", { class: "table table-tight" },
        el("thead", {}, el("tr", {}, [gettext("Land"), gettext("Area"), gettext("Share"), gettext("Parcels")].map((name, i) => el("th", { scope: "col", class: i ? "num" : null }, name)))),
        el("tbody", {}, rows.map(line)),
        el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, gettext("Total")), el("td", { class: "num" }, m2AsHa(sum)), el("td", { class: "num" }, percent(whole ? sum / whole : null)), el("td", {}))))));
  }

  #basis(report) {
    const { basis, took_ms: took } = report;
    return el("details", { class: "fold report-basis" }, el("summary", {}, icon("data"), interpolate(gettext("Data and rules of %s"), [basis.date])),
      el("p", { class: "small" }, interpolate(gettext("Rule set %(n)s · %(crs)s"), { n: basis.ruleset, crs: basis.crs }, true), took ? ` · ${number(took, 0)} ms` : ""),
      el("ul", { class: "small" }, basis.editions.map((edition) => el("li", {}, `${edition.layer} – ${interpolate(gettext("edition %(n)s of %(date)s"), { n: edition.number, date: edition.from }, true)}`, edition.schematic ? ` (${gettext("illustrative")})` : "", edition.overdue_days > 0 ? el("span", { class: "chip chip-warn" }, overdueWords(edition.overdue_days)) : null))),
      el("p", { class: "small" }, gettext("This answer is not kept. A kept version has a report with a permanent address, PDF, CSV, JSON and GeoPackage.")),
      el("p", {}, el("button", { type: "button", class: "button button-small", onclick: () => takeAway(report) }, icon("download", "icon-s"), gettext("Take what is shown as JSON"))));
  }

  // --- on the map ----------------------------------------------------------------------------------------------------------

  #outline(one) {
    this.pieces.clearLayers();
    if (one.geometry) L.geoJSON(one.geometry, { ...QUIET, style: { ...severityStyle(one.outcome, { active: true }), ...QUIET } }).addTo(this.pieces);
    if (one.nearest_line) L.geoJSON(one.nearest_line, { ...QUIET, style: { color: "#1d2321", weight: 2, dashArray: "3 5", ...QUIET } }).addTo(this.pieces);
  }

  #zoom(one) {
    const box = boxOf(one.geometry) || boxOf(one.nearest_line);
    if (!box) return;
    this.before = this.before || { centre: this.map.getCenter(), zoom: this.map.getZoom() };
    lookAt(this.map, L.latLngBounds([[box[1], box[0]], [box[3], box[2]]]).pad(0.2), { maxZoom: 18 });
    this.#outline(one);
  }

  #back() {
    if (!this.before) return;
    const { centre, zoom } = this.before;
    lookAt(this.map, centre, { zoom });
    this.before = null;
  }
}

export function landSwatch(colour, code = "") {
  if (!colour) return swatch("not_checked");
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "swatch land-swatch");
  svg.setAttribute("viewBox", "0 0 18 14");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.code = code;
  const rect = document.createElementNS(ns, "rect");
  for (const [k, v] of Object.entries({ x: 0.5, y: 0.5, width: 17, height: 13, fill: colour, stroke: "#6b6f66" })) rect.setAttribute(k, v);
  svg.append(rect);
  return svg;
}

// what the panel shows, as the server sent it; "kept": false so that nobody takes it for a stored report
function takeAway(report) {
  const file = new Blob([JSON.stringify({ kept: false, taken_at: new Date().toISOString(), ...report }, null, 1)], { type: "application/json" });
  const link = el("a", { href: URL.createObjectURL(file), download: "ra-soat-chua-luu.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const waiting = () => el("div", { "aria-busy": "true" }, ["Đ", "N"].map(() => el("span", { class: "skeleton" })), el("span", { class: "skeleton" }));

function overdueWords(days) {
  return interpolate(ngettext("Data %(n)s day past its review date", "Data %(n)s days past its review date", days), { n: number(days) }, true);
}

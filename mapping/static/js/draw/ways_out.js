// How does a person get out of a conflict? Suggestions on demand beside a finding: hover shows one on the map, a click takes it.
// It changes no boundary itself: "take" carries the suggestion, the editor makes one undoable step of it.
import { el, icon } from "datnghe/shell/dom.js";
import { m2AsHa, number } from "datnghe/shell/number.js";
import { sendJson } from "datnghe/shell/http.js";

const QUIET = { interactive: false, pmIgnore: true, snapIgnore: true };
const OUTLINE = { color: "#1d2321", weight: 4, dashArray: "9 6", fill: false, ...QUIET };
const REMOVED = { stroke: false, fillColor: "url(#zone-broken)", fillOpacity: 1, ...QUIET };
export const ALL = "all";

export class WaysOut extends EventTarget {
  /** *asked*: () → the body of the check for what is drawn now. */
  constructor(map, url, asked) {
    super();
    Object.assign(this, { map, url, asked, turn: 0, open: [] });
    this.shown = L.layerGroup().addTo(map);
  }

  /** The boundary changed: suggestions of an older one close and are forgotten. */
  stale() {
    this.turn += 1;
    this.shown.clearLayers();
    for (const close of this.open.splice(0)) close();
  }

  /** A button that opens the list for the finding *key* called *title*; `ALL` for every forbidden conflict at once. */
  disclosure(key, title, label = gettext("Ways out")) {
    const id = `ways-${key.replace(/[^\w-]/g, "-")}`;
    const list = el("div", { class: "ways", id, hidden: true, "aria-live": "polite" });
    const button = el("button", { type: "button", class: "button button-small", "data-ways": key, "aria-expanded": "false", "aria-controls": id }, icon("cut", "icon-s"), label);
    const close = () => { list.hidden = true; list.replaceChildren(); button.setAttribute("aria-expanded", "false"); this.shown.clearLayers(); };
    button.addEventListener("click", () => {
      if (!list.hidden) { close(); return; }
      list.hidden = false;
      button.setAttribute("aria-expanded", "true");
      this.open.push(close);
      this.#load(key, title, list);
    });
    return [button, list];
  }

  async #load(key, title, list) {
    const mine = this.turn;
    list.replaceChildren(el("span", { class: "skeleton", "aria-busy": "true" }), el("p", { class: "visually-hidden" }, gettext("Computing …")));
    try {
      const answer = await sendJson(this.url, { ...this.asked(), key });
      if (mine === this.turn) list.replaceChildren(...this.#answer(answer, title));
    } catch (problem) {
      if (mine === this.turn) list.replaceChildren(el("div", { class: "notice notice-bad", role: "alert" }, icon("warning"), el("div", {}, el("strong", {}, problem.message), problem.todo ? el("p", {}, problem.todo) : null)));
    }
  }

  #answer({ ways, not_offered: refused }, title) {
    const why = refused.map((one) => el("li", { class: "way-not" }, icon("not_checked", "icon-s"), el("span", {}, one.title ? el("b", {}, one.title, ": ") : null, one.text)));
    return [
      ways.length ? el("ul", { class: "ways-list" }, ways.map((way) => this.#row(way, title))) : el("p", { class: "small" }, gettext("No way out by changing the boundary:")),
      why.length ? el("ul", { class: "ways-not" }, why) : "",
    ];
  }

  #row(way, title) {
    const { size } = way;
    const range = size.max_ha === null ? "" : ` (${size.min_ha === null ? `≤ ${number(size.max_ha)}` : `${number(size.min_ha)} – ${number(size.max_ha)}`} ha)`;
    const line = (sev, css, ...text) => el("span", { class: `way-line ${css}`, "data-sev": sev }, icon(sev, "icon-s severity-icon"), el("span", {}, ...text));
    const button = el("button", { type: "button", class: "way", "data-way": way.kind, onclick: () => { this.shown.clearLayers(); this.dispatchEvent(new CustomEvent("take", { detail: { way, title } })); } },
      el("span", { class: "way-head" }, el("b", { class: "grow" }, way.title), el("span", { class: "num way-loss" }, `−${m2AsHa(way.lost_m2)}`)),
      el("span", { class: "way-rest" }, interpolate(gettext("%s would be left"), [m2AsHa(way.area_m2)])),
      line(way.verdict.sev, "", gettext("Then:"), " ", way.verdict.text),
      size.ok === null ? null : size.ok ? line("clear", "", gettext("Size within the limits"), range) : line("prohibited", "", gettext("Size outside the limits"), range),
      way.worse.length ? el("span", { class: "way-line way-worse" }, icon("warning", "icon-s"), el("span", {}, gettext("Becomes worse:"), " ", way.worse.map((one) => one.text).join("; "))) : null,
      way.notes.map((note) => el("span", { class: "way-line way-note" }, icon("info", "icon-s"), el("span", {}, note))));
    for (const name of ["pointerenter", "focus"]) button.addEventListener(name, () => this.#preview(way));
    for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => this.shown.clearLayers());
    return el("li", {}, button);
  }

  #preview(way) {
    this.shown.clearLayers();
    L.geoJSON(way.removed, { ...QUIET, style: REMOVED }).addTo(this.shown);
    L.geoJSON(way.zone, { ...QUIET, style: OUTLINE }).addTo(this.shown);
  }
}

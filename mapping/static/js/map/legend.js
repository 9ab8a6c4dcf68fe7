// What is on the map, and what can be switched on? A folded list of layers with swatches and ages, and the base map's choice.
/* global L */
import { el, icon } from "datnghe/shell/dom.js";
import { constraintLayer, constraintPane, lookOf, osmLayer } from "datnghe/map/layers.js";
import { SEVERITIES, swatch } from "datnghe/map/patterns.js";

const WORDS = () => ({
  prohibited: gettext("prohibited"), condition: gettext("conditional"), advice: gettext("advisory"), contact: gettext("touching"),
  clear: gettext("clear"), not_checked: gettext("not checked"), not_computable: gettext("not computable"),
});

/** What a plan is judged against at a glance; the list in the legend switches the rest. */
export const PLAN_LAYERS = ["land_parcel", "forest_special", "forest_protection", "reservoir", "residential", "power_line", "heritage"];

/** Add the legend. on: codes switched on at first; also: maps that follow it; severities: show the severity key; basemap: from createMap. Returns {show, hide}. */
export function addLegend(map, settings, { on = [], also = [], severities = false, open = false, basemap = null } = {}) {
  const maps = [map, ...also];
  maps.forEach(constraintPane);
  const shown = new Map();
  const boxes = new Map();
  const switchable = settings.layers.filter((layer) => layer.constraint ?? layer.is_constraint);
  const set = (code, visible) => {
    const layer = switchable.find((item) => item.code === code);
    if (!layer) return;
    if (visible && !shown.has(code)) shown.set(code, maps.map((one) => constraintLayer(layer).addTo(one)));
    if (!visible && shown.has(code)) { shown.get(code).forEach((one) => one.remove()); shown.delete(code); }
    if (boxes.has(code)) boxes.get(code).checked = visible;
  };
  const Legend = L.Control.extend({
    options: { position: "topright" },
    onAdd() {
      const node = el("details", { class: "legend", open: open || null }, el("summary", {}, icon("layers", "icon-s"), el("span", {}, gettext("Layers and legend"))));
      if (severities) node.append(el("ul", {}, Object.keys(SEVERITIES).map((code) => el("li", {}, swatch(code), WORDS()[code]))));
      if (basemap && settings.osm) node.append(baseChoice(map, basemap));
      if (switchable.length) node.append(el("ul", {}, switchable.map((layer) => row(layer, boxes, set))));
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      return node;
    },
  });
  map.addControl(new Legend());
  for (const code of on) set(code, true);
  return { show: (code) => set(code, true), hide: (code) => set(code, false) };
}

function row(layer, boxes, set) {
  const look = lookOf(layer);
  const box = el("input", { type: "checkbox", onchange: (event) => set(layer.code, event.target.checked) });
  boxes.set(layer.code, box);
  const sample = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  sample.setAttribute("class", "swatch");
  sample.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ width: "100%", height: "100%", fill: look.fill, "fill-opacity": 0.35, stroke: look.line, "stroke-width": 2 })) rect.setAttribute(key, value);
  sample.append(rect);
  return el("li", {}, el("label", { class: "check" }, box, sample, el("span", {}, layer.title)));
}

function baseChoice(map, basemap) {
  const osm = osmLayer();
  const choose = (event) => {
    if (event.target.value === "osm") { basemap.remove(); osm.addTo(map); } else { osm.remove(); basemap.addTo(map); }
  };
  const radio = (value, label, checked) => el("li", {}, el("label", { class: "check" }, el("input", { type: "radio", name: "basemap", value, checked: checked || null, onchange: choose }), el("span", {}, label)));
  return el("ul", {}, radio("own", gettext("Own base map"), true), radio("osm", "OpenStreetMap", false));
}

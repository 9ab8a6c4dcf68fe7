// How do the plans differ on the ground? Maps that move as one, a cross that follows the pointer on each, or all in one map.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend, PLAN_LAYERS } from "datnghe/map/legend.js";
import { installPatterns, severityStyle } from "datnghe/map/patterns.js";
import { el, jsonData } from "datnghe/shell/dom.js";

const COLOURS = ["#7a1420", "#0e5a66", "#5c4a7d", "#8a5200"];
const SPECK = 24; // pixels
const plans = jsonData("compare-data");
const frame = document.querySelector("[data-maps]");
const bounds = plans.reduce((all, plan) => all.extend(L.geoJSON(plan.boundary).getBounds()), L.latLngBounds([]));

function drawPlan(map, plan, index, withPieces) {
  const group = L.layerGroup().addTo(map);
  if (withPieces) L.geoJSON(plan.pieces, { interactive: false, style: (feature) => severityStyle(feature.properties.sev) }).addTo(group);
  L.geoJSON(plan.boundary, { style: { color: COLOURS[index], weight: 3, fillColor: COLOURS[index], fillOpacity: withPieces ? 0 : 0.15 } })
    .bindTooltip(el("span", {}, `${plan.name} · ${plan.code}`), { sticky: true }).addTo(group);
  markWhileSmall(map, plan, index, group);
  return group;
}

// plans that lie far apart are specks in the window that holds them all: a number stands in, and leads there
function markWhileSmall(map, plan, index, group) {
  const around = L.geoJSON(plan.boundary).getBounds();
  const number = el("span", { class: `compare-letter compare-letter-${index}` }, String(index + 1));
  const icon = L.divIcon({ className: "compare-mark", iconSize: [24, 24], html: number });
  const mark = L.marker(around.getCenter(), { icon, title: plan.name, alt: plan.name });
  mark.on("click", () => map.fitBounds(around.pad(0.5)));
  const look = () => {
    const [from, to] = [map.latLngToLayerPoint(around.getNorthWest()), map.latLngToLayerPoint(around.getSouthEast())];
    if (Math.max(to.x - from.x, to.y - from.y) < SPECK) group.addLayer(mark);
    else group.removeLayer(mark);
  };
  map.on("zoomend", look);
  group.on("remove", () => map.off("zoomend", look));
  look();
}

// one map leads, the others follow without telling it back
function tie(maps) {
  let leading = null;
  for (const map of maps) {
    map.on("move", () => {
      if (leading) return;
      leading = map;
      for (const other of maps) if (other !== map) other.setView(map.getCenter(), map.getZoom(), { animate: false });
      leading = null;
    });
    map.on("mousemove", (event) => {
      for (const other of maps) {
        other.cross ||= L.marker(event.latlng, { icon: L.divIcon({ className: "compare-cross", iconSize: [22, 22], html: el("span") }), interactive: false, keyboard: false });
        if (other === map) other.cross.remove();
        else other.cross.setLatLng(event.latlng).addTo(other);
      }
    });
    map.on("mouseout", () => { for (const other of maps) other.cross?.remove(); });
  }
}

async function drawAll() {
  installPatterns();
  const maps = [];
  let shared = null;
  for (const [index, plan] of plans.entries()) {
    const { map, settings } = await createMap(frame.querySelector(`[data-map="${index}"]`), { fit: bounds.pad(0.12), inset: false, locate: false, scale: index === 0, zoom: index === plans.length - 1 });
    drawPlan(map, plan, index, true);
    maps.push(map);
    shared = settings;
  }
  tie(maps);
  addLegend(maps.at(-1), shared, { on: PLAN_LAYERS, also: maps.slice(0, -1), severities: true });
  for (const map of maps) map.fitBounds(bounds.pad(0.12), { animate: false });
  watchModes(maps);
  frame.dataset.ready = "1";
}

function watchModes(maps) {
  let overlay = [];
  for (const button of document.querySelectorAll("[data-mode]")) {
    button.addEventListener("click", () => {
      const over = button.dataset.mode === "overlay";
      for (const other of document.querySelectorAll("[data-mode]")) other.setAttribute("aria-pressed", String(other === button));
      frame.classList.toggle("is-overlay", over);
      for (const layer of overlay) layer.remove();
      overlay = over ? plans.slice(1).map((plan, index) => drawPlan(maps[0], plan, index + 1, false)) : [];
      for (const map of maps) map.invalidateSize({ pan: false });
      maps[0].fitBounds(bounds.pad(0.12), { animate: false });
    });
  }
}

document.querySelector("[data-hide-equal]")?.addEventListener("change", (event) => {
  for (const row of document.querySelectorAll("[data-equal]")) row.hidden = event.target.checked;
});
for (const letter of document.querySelectorAll("[data-letter]")) letter.classList.add(`compare-letter-${letter.dataset.letter}`);
drawAll();

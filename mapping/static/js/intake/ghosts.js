// Where does the uploaded file land, or how do its points run? Every reading as a ghost outline; the chosen one is drawn thick and brought into view.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend, PLAN_LAYERS } from "datnghe/map/legend.js";
import { el, jsonData } from "datnghe/shell/dom.js";
import { boxOf } from "datnghe/draw/geo.js";
import { drawStanding } from "datnghe/intake/stands.js";

const ghosts = jsonData("ghosts").filter((ghost) => ghost.geometry);
const { map, settings, basemap } = await createMap(document.getElementById("map"), { inset: false });
addLegend(map, settings, { on: PLAN_LAYERS, basemap });
const standing = drawStanding(map);
const dot = (_, at) => L.circleMarker(at, { radius: 6, interactive: false });
const layers = new Map(ghosts.map((ghost) => [ghost.key, L.geoJSON(ghost.geometry, { interactive: false, pointToLayer: dot }).addTo(map)]));

const labels = L.layerGroup().addTo(map);

function choose(key, { fit = true } = {}) {
  for (const [name, layer] of layers) {
    const on = name === key;
    layer.setStyle({ color: on ? "#b3005e" : "#585c61", weight: on ? 3.5 : 1.5, dashArray: on ? null : "5 5", fillOpacity: on ? 0.12 : 0 });
    if (on) layer.bringToFront();
  }
  standing?.bringToFront();
  labels.clearLayers();
  for (const { name, at } of ghosts.find((ghost) => ghost.key === key)?.labels ?? []) {
    const icon = L.divIcon({ className: "intake-point", html: el("span", {}, name), iconSize: null });
    labels.addLayer(L.marker([at[1], at[0]], { icon, interactive: false, keyboard: false }));
  }
  const box = boxOf(ghosts.find((ghost) => ghost.key === key)?.geometry);
  if (box && fit) map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [80, 80], maxZoom: 16 });
}

for (const radio of document.querySelectorAll("[data-ghost]")) {
  radio.addEventListener("change", () => choose(radio.value));
  if (radio.checked) choose(radio.value);
}
document.documentElement.dataset.board = "ready";

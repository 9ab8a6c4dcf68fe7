// Where do the findings of a kept report lie? Boundary, parts and pieces on the map; rows and pieces point at each other.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { drawPieces, filterGroups, linkRows } from "datnghe/map/findings.js";
import { addLegend, PLAN_LAYERS } from "datnghe/map/legend.js";
import { installPatterns } from "datnghe/map/patterns.js";
import { el, jsonData } from "datnghe/shell/dom.js";

const data = jsonData("report-data");

async function drawReport() {
  installPatterns();
  const home = L.geoJSON(data.boundary).getBounds().pad(0.5);
  const { map, settings, basemap } = await createMap(document.getElementById("map"), { fit: home });
  addLegend(map, settings, { on: PLAN_LAYERS, basemap, severities: true });
  L.geoJSON(data.parts, {
    style: { color: "#5a3c3c", weight: 1, fillColor: "#e6a95c", fillOpacity: 0.12 },
    onEachFeature: (feature, layer) => layer.bindTooltip(el("span", {}, feature.properties.label), { sticky: true }),
  }).addTo(map);
  const pieces = drawPieces(map, data.pieces);
  L.geoJSON(data.boundary, { interactive: false, style: { color: "#7a1420", weight: 3, fill: false } }).addTo(map);
  linkRows(map, pieces, { home, lines: data.lines });
}

filterGroups(".report-group");
drawReport();

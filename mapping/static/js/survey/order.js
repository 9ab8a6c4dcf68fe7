// Where must the team go? The decided boundary with its parts on the shared map.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend } from "datnghe/map/legend.js";
import { el, jsonData } from "datnghe/shell/dom.js";

const data = jsonData("survey-data");
const outline = L.geoJSON(data.boundary);
const { map, settings, basemap } = await createMap(document.getElementById("map"), { fit: outline.getBounds().pad(0.6) });
addLegend(map, settings, { basemap });
L.geoJSON(data.parts, {
  style: { color: "#5a3c3c", weight: 1, fillColor: "#e6a95c", fillOpacity: 0.15 },
  onEachFeature: (feature, layer) => layer.bindTooltip(el("span", {}, feature.properties.label)),
}).addTo(map);
L.geoJSON(data.boundary, { interactive: false, style: { color: "#a01e1e", weight: 3, fill: false } }).addTo(map);

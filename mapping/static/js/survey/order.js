// Where must the team go? The decided boundary with parts and numbered corners, and what is to be measured again.
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

const icon = (feature, css) => L.divIcon({ className: "", iconSize: [22, 22], html: el("span", { class: `survey-corner ${css}` }, String(feature.properties.number)) });
const marked = new Set(data.marks.features.filter((each) => each.properties.of === "approved").map((each) => each.properties.number));
const numbered = { ...data.corners, features: data.corners.features.filter((each) => !marked.has(each.properties.number)) };
L.geoJSON(numbered, { pointToLayer: (feature, at) => L.marker(at, { icon: icon(feature, ""), interactive: false, keyboard: false }) }).addTo(map);
L.geoJSON(data.marks, {
  pointToLayer: (feature, at) => L.marker(at, { icon: icon(feature, "is-marked"), zIndexOffset: 500, title: feature.properties.text, alt: feature.properties.text }),
  onEachFeature: (feature, layer) => layer.bindPopup(el("span", {}, feature.properties.text)),
}).addTo(map);

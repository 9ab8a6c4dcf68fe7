// What does this edition look like, where did its publisher look, what changed? Tiles, coverage, dots and rings.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { constraintLayer, constraintPane } from "datnghe/map/layers.js";
import { jsonData } from "datnghe/shell/dom.js";
import { changeDots, verdictRings } from "datnghe/steward/points.js";

const coverage = L.geoJSON(jsonData("coverage"), {
  interactive: false,
  style: { color: "#585c61", weight: 1.5, dashArray: "6 5", fill: false },
});
const { map } = await createMap(document.getElementById("map"), { inset: false, locate: false, fit: coverage.getBounds() });
constraintPane(map);
constraintLayer(jsonData("map-layer")).addTo(map);
coverage.addTo(map);
const change = jsonData("coverage-change");
for (const [name, color] of [["gained", "#1f7a4d"], ["lost", "#b3261e"]]) {
  if (change[name]) L.geoJSON(change[name], { interactive: false, style: { color, weight: 1, fillColor: color, fillOpacity: 0.25 } }).addTo(map);
}
changeDots(map, jsonData("points"));
verdictRings(map, jsonData("sweep-points"));

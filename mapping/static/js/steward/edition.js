// What does this edition look like, and where did its publisher look? Its tiles over the base map, the coverage dashed.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { constraintLayer, constraintPane } from "datnghe/map/layers.js";
import { jsonData } from "datnghe/shell/dom.js";

const coverage = L.geoJSON(jsonData("coverage"), {
  interactive: false,
  style: { color: "#585c61", weight: 1.5, dashArray: "6 5", fill: false },
});
const { map } = await createMap(document.getElementById("map"), { inset: false, locate: false, fit: coverage.getBounds() });
constraintPane(map);
constraintLayer(jsonData("map-layer")).addTo(map);
coverage.addTo(map);

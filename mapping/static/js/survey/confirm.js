// Where do the measurements land? Every reading as a ghost outline beside the approved boundary; the chosen one is thick.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend } from "datnghe/map/legend.js";
import { jsonData } from "datnghe/shell/dom.js";

const data = jsonData("return-data");
const approved = L.geoJSON(data.approved, { interactive: false, style: { color: "#3c1414", weight: 1.5, fill: false } });
const { map, settings, basemap } = await createMap(document.getElementById("map"), { fit: approved.getBounds().pad(0.4) });
addLegend(map, settings, { basemap });
approved.addTo(map);
const ghosts = new Map(
  data.ghosts.filter((ghost) => ghost.geometry).map((ghost) => [ghost.key, L.geoJSON(ghost.geometry, { interactive: false }).addTo(map)]),
);

function choose(key) {
  for (const [name, layer] of ghosts) {
    const on = name === key;
    layer.setStyle({ color: on ? "#b3005e" : "#585c61", weight: on ? 6 : 1.5, opacity: on ? 0.55 : 1, dashArray: on ? null : "5 5", fillOpacity: 0 });
    if (on) layer.bringToFront();
  }
  approved.bringToFront();
  const chosen = ghosts.get(key);
  if (chosen) map.fitBounds(chosen.getBounds().extend(approved.getBounds()).pad(0.2), { maxZoom: 18 });
}

for (const radio of document.querySelectorAll("[name=candidate]")) {
  radio.addEventListener("change", () => choose(radio.value));
  if (radio.checked) choose(radio.value);
}
document.documentElement.dataset.board = "ready";

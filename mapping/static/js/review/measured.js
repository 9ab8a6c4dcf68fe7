// Where does the measured boundary leave the approved one? Both outlines, land gained and lost, corners; rows point at places.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend } from "datnghe/map/legend.js";
import { lookAt } from "datnghe/map/look.js";
import { el, jsonData } from "datnghe/shell/dom.js";
import { openDialog } from "datnghe/shell/dialog.js";

const data = jsonData("measured-data");
const GAINED = { color: "#22693a", weight: 2, fillColor: "#22693a", fillOpacity: 0.4 };
const LOST = { color: "#a8123a", weight: 2, dashArray: "4 3", fillColor: "#a8123a", fillOpacity: 0.35 };

for (const dialog of document.querySelectorAll("dialog[data-open-now]")) openDialog(dialog.id);

const approved = L.geoJSON(data.approved, { interactive: false, style: { color: "#3c1414", weight: 2.5, fill: false } });
const home = approved.getBounds().extend(L.geoJSON(data.measured).getBounds()).pad(0.25);
const { map, settings, basemap } = await createMap(document.getElementById("map"), { fit: home });
addLegend(map, settings, { basemap });
approved.addTo(map);
L.geoJSON(data.measured, { interactive: false, style: { color: "#b3005e", weight: 2, dashArray: "6 4", fill: false } }).addTo(map);

const places = new Map();
L.geoJSON(data.pieces, {
  style: (feature) => (feature.properties.kind === "gained" ? GAINED : LOST),
  onEachFeature: (feature, layer) => {
    layer.bindTooltip(el("span", {}, `${feature.properties.number}. ${feature.properties.words}`), { sticky: true });
    places.set(`piece-${feature.properties.number}`, layer);
  },
}).addTo(map);

for (const feature of data.corners.features) {
  const { key, number, state, d } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  const bad = data.bad.includes(state);
  const mark = el("span", { class: `measured-corner${bad ? " is-bad" : ""}${state === "extra" ? " is-extra" : ""}` }, String(number));
  const title = d === null ? `${gettext("Corner")} ${number}` : `${gettext("Corner")} ${number}: ${d.toFixed(3).replace(".", ",")} m`;
  const marker = L.marker([lat, lon], { icon: L.divIcon({ html: mark, className: "pin-mark", iconSize: [22, 22] }), title, alt: title, zIndexOffset: bad ? 500 : 0 });
  marker.on("click", () => point(rowOf(key), marker, { scroll: true }));
  places.set(`corner-${key}`, marker.addTo(map));
}

function rowOf(key) {
  return document.querySelector(`[data-corner="${key}"]`);
}

function point(row, layer, { scroll = false } = {}) {
  for (const other of document.querySelectorAll(".measured-table tr.is-pointed")) other.classList.remove("is-pointed");
  row?.classList.add("is-pointed");
  if (scroll) row?.scrollIntoView({ block: "center" });
  if (layer.getBounds) lookAt(map, layer.getBounds(), { maxZoom: 20, padding: [60, 60] });
  else lookAt(map, layer.getLatLng(), { minZoom: 19 });
}

for (const row of document.querySelectorAll("[data-corner], [data-piece]")) {
  const layer = places.get(row.dataset.corner ? `corner-${row.dataset.corner}` : `piece-${row.dataset.piece}`);
  if (!layer) continue;
  row.addEventListener("click", () => point(row, layer));
  row.addEventListener("keydown", (event) => {
    if (event.key === "Enter") point(row, layer);
  });
}
document.documentElement.dataset.board = "ready";

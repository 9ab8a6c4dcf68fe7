// Where do the zones of a trial lie? Coloured by the new verdict, thick where it changes; list and map point at each other.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { installPatterns, severityStyle } from "datnghe/map/patterns.js";
import { el, jsonData } from "datnghe/shell/dom.js";

const data = jsonData("trial-data");
const rows = new Map([...document.querySelectorAll("tr[data-key]")].map((row) => [row.dataset.key, row]));
const layers = new Map();

function look(properties, active = false) {
  return { ...severityStyle(properties.sev, { active }), weight: properties.changed ? 5 : active ? 4 : 2 };
}

function popup(properties) {
  return el("div", {},
    el("strong", {}, properties.title),
    el("p", {}, `${gettext("Old verdict")}: ${properties.old}`),
    el("p", {}, `${gettext("New verdict")}: ${properties.new}`));
}

installPatterns();
const fit = data.features.length ? L.geoJSON(data).getBounds().pad(0.2) : null;
const { map } = await createMap(document.getElementById("map"), fit ? { fit } : {});
L.geoJSON(data, {
  style: (feature) => look(feature.properties),
  onEachFeature: (feature, layer) => {
    const { key } = feature.properties;
    layers.set(key, layer);
    layer.bindPopup(() => popup(feature.properties));
    layer.on({ mouseover: () => light(key, true), mouseout: () => light(key, false) });
    // a far zone is a few pixels: a dot keeps it findable
    L.circleMarker(layer.getBounds().getCenter(), { ...look(feature.properties), radius: feature.properties.changed ? 8 : 5, fillOpacity: 0.6, interactive: false }).addTo(map);
  },
}).addTo(map);

for (const [key, row] of rows) {
  for (const [name, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) row.addEventListener(name, () => light(key, on));
  row.addEventListener("dblclick", () => show(key));
  row.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === row) show(key); });
}

function light(key, on) {
  const layer = layers.get(key);
  if (layer) layer.setStyle(look(layer.feature.properties, on));
  rows.get(key)?.classList.toggle("is-active", on);
}

function show(key) {
  const layer = layers.get(key);
  if (!layer) return;
  map.fitBounds(layer.getBounds().pad(0.5));
  layer.openPopup();
}

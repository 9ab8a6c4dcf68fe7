// Where do the ranked sites lie? Boundaries with their place on the map; list and map point at each other.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend } from "datnghe/map/legend.js";
import { lookAt } from "datnghe/map/look.js";
import { installPatterns, severityStyle } from "datnghe/map/patterns.js";
import { el, jsonData } from "datnghe/shell/dom.js";

const data = jsonData("sites-data");
const sites = new Map();
installPatterns();
const { map, settings, basemap } = await createMap(document.getElementById("map"));
addLegend(map, settings, { severities: true, basemap });

const group = L.geoJSON(data, {
  style: (feature) => severityStyle(feature.properties.sev),
  onEachFeature: (feature, layer) => {
    const { number, place, label } = feature.properties;
    sites.set(String(number), layer);
    layer.bindTooltip(el("span", {}, label), { sticky: true });
    layer.on("click", () => show(number));
    layer.on("mouseover", () => light(number, true));
    layer.on("mouseout", () => light(number, false));
    const pin = L.marker(layer.getBounds().getCenter(), { icon: L.divIcon({ className: "site-pin", iconSize: [26, 26], html: el("span", {}, String(place)) }), alt: label, title: label });
    pin.on("click", () => show(number)).addTo(map);
  },
}).addTo(map);
if (sites.size) map.fitBounds(group.getBounds().pad(0.1), { maxZoom: 15 });

function card(number) {
  return document.querySelector(`[data-site="${number}"]`);
}

function light(number, on) {
  card(number)?.classList.toggle("is-active", on);
  const layer = sites.get(String(number));
  layer?.setStyle(severityStyle(layer.feature.properties.sev, { active: on }));
}

function show(number) {
  const row = card(number);
  row?.scrollIntoView({ block: "center" });
  row?.focus({ preventScroll: true });
}

for (const row of document.querySelectorAll("[data-site]")) {
  const { site } = row.dataset;
  for (const [enter, leave] of [["mouseenter", "mouseleave"], ["focus", "blur"]]) {
    row.addEventListener(enter, () => light(site, true));
    row.addEventListener(leave, () => light(site, false));
  }
  const go = () => lookAt(map, sites.get(site).getBounds().pad(0.6), { maxZoom: 16 });
  row.addEventListener("click", (event) => { if (!event.target.closest("a, button, summary, details")) go(); });
  row.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === row) go(); });
}
document.getElementById("map").dataset.sites = String(sites.size);

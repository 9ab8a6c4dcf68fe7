// What lies where in this file? Boundary, parts, pieces of findings and comment pins; rows and pieces point at each other.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { drawPieces, filterGroups, linkRows } from "datnghe/map/findings.js";
import { addLegend, PLAN_LAYERS } from "datnghe/map/legend.js";
import { lookAt } from "datnghe/map/look.js";
import { installPatterns } from "datnghe/map/patterns.js";
import { el, jsonData } from "datnghe/shell/dom.js";
import { openDialog } from "datnghe/shell/dialog.js";
import { toast } from "datnghe/shell/toast.js";
import { startPinning } from "datnghe/review/pin.js";

const data = jsonData("file-data");

for (const dialog of document.querySelectorAll("dialog[data-open-now]")) openDialog(dialog.id);

for (const button of document.querySelectorAll("[data-copy-field]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copyField);
    field.select();
    await navigator.clipboard?.writeText(field.value);
    toast(gettext("Copied."));
  });
}

filterGroups(".review-group");

async function drawFile() {
  installPatterns();
  const outline = data.boundary ? L.geoJSON(data.boundary) : null;
  const { map, settings, basemap } = await createMap(document.getElementById("map"), outline ? { fit: outline.getBounds().pad(0.5) } : {});
  addLegend(map, settings, { on: PLAN_LAYERS, basemap, severities: true });
  if (!data.boundary) return;
  L.geoJSON(data.parts, {
    style: { color: "#5a3c3c", weight: 1, fillColor: "#e6a95c", fillOpacity: 0.12 },
    onEachFeature: (feature, layer) => layer.bindTooltip(el("span", {}, feature.properties.label), { sticky: true }),
  }).addTo(map);
  const pieces = drawPieces(map, data.pieces);
  L.geoJSON(data.boundary, { interactive: false, style: { color: "#7a1420", weight: 3, fill: false } }).addTo(map);
  drawPins(map);
  drawDisputes(map);
  linkRows(map, pieces, { home: outline.getBounds().pad(0.5) });
  watchChanges(map);
  startPinning(map);
}

function drawPins(map) {
  for (const pin of data.pins.features) {
    const { number, state, changed, text } = pin.properties;
    const [lon, lat] = pin.geometry.coordinates;
    const mark = el("span", { class: `pin-number is-${state}${changed ? " is-changed" : ""}` }, String(number));
    const marker = L.marker([lat, lon], { icon: L.divIcon({ html: mark, className: "pin-mark", iconSize: [26, 26] }), title: text, alt: `${gettext("Comment")} ${number}` });
    marker.on("click", () => {
      const thread = document.getElementById(`gop-y-${number}`);
      if (thread) thread.scrollIntoView({ block: "center" });
      else location.search = `?tab=gop-y&gop-y=${number}`;
    });
    marker.addTo(map);
  }
  const wanted = new URLSearchParams(location.search).get("gop-y");
  if (wanted) document.getElementById(`gop-y-${wanted}`)?.scrollIntoView({ block: "center" });
}

function drawDisputes(map) {
  const marks = new Map();
  for (const pin of data.disputes?.features || []) {
    const { number, state, text } = pin.properties;
    const [lon, lat] = pin.geometry.coordinates;
    const mark = el("span", { class: `pin-number is-dispute${state === "open" ? "" : " is-closed"}` }, String(number));
    const marker = L.marker([lat, lon], { icon: L.divIcon({ html: mark, className: "pin-mark", iconSize: [26, 26] }), title: text, alt: `${gettext("Disagreement")} ${number}` });
    marker.on("click", () => {
      const article = document.getElementById(`khong-dong-y-${number}`);
      if (article) article.scrollIntoView({ block: "center" });
      else location.search = "?tab=khong-dong-y";
    });
    marks.set(String(number), marker.addTo(map));
  }
  for (const button of document.querySelectorAll("[data-show-dispute]")) {
    button.addEventListener("click", () => lookAt(map, marks.get(button.dataset.showDispute).getLatLng(), { minZoom: 17 }));
  }
}

function watchChanges(map) {
  let shown = null;
  for (const button of document.querySelectorAll("[data-show-change]")) {
    const source = button.parentElement.querySelector("[data-pieces] script");
    button.addEventListener("click", () => {
      shown?.remove();
      shown = L.geoJSON(JSON.parse(source.textContent), {
        style: (feature) => feature.properties.change === "added"
          ? { color: "#22693a", weight: 2, fillColor: "#22693a", fillOpacity: 0.35 }
          : { color: "#a8123a", weight: 2, dashArray: "4 3", fillColor: "#a8123a", fillOpacity: 0.3 },
        onEachFeature: (feature, layer) => layer.bindTooltip(el("span", {}, feature.properties.change === "added" ? gettext("added") : gettext("removed")), { sticky: true }),
      }).addTo(map);
      lookAt(map, shown.getBounds().pad(0.3), { maxZoom: 18 });
    });
  }
}

drawFile();

// What becomes of each feature, on the map? Row and outline highlight each other; the chosen way of two is drawn full.
// Outcomes are told by line and colour together; nothing is decided here.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend, PLAN_LAYERS } from "datnghe/map/legend.js";
import { boxOf } from "datnghe/draw/geo.js";
import { drawStanding } from "datnghe/intake/stands.js";

const STYLES = {
  ok: { color: "#1d6b45", weight: 2, fillOpacity: 0.12 },
  repaired: { color: "#1f5fa8", weight: 2.5, fillOpacity: 0.16 },
  ask: { color: "#8a5a00", weight: 3, dashArray: "6 4", fillOpacity: 0.08 },
  refused: { color: "#a3123a", weight: 3, dashArray: "2 5", fillOpacity: 0.2 },
};
const LEFT_OUT = { color: "#585c61", weight: 1.5, dashArray: "4 6", fillOpacity: 0 };

const { map, settings, basemap } = await createMap(document.getElementById("map"), { inset: false });
addLegend(map, settings, { on: PLAN_LAYERS, basemap });
const standing = drawStanding(map);
const table = document.querySelector("[data-verdicts]");
const rowOf = (number) => table?.querySelector(`tr[data-number="${number}"]`);
const outlines = new Map();

const answer = await fetch(document.querySelector("[data-picture]").dataset.picture, { headers: { Accept: "application/json" } });
const picture = answer.ok ? await answer.json() : { features: [] };
const whole = [Infinity, Infinity, -Infinity, -Infinity];
for (const feature of picture.features) {
  const { number } = feature.properties;
  const layer = L.geoJSON(feature, { pointToLayer: (_, at) => L.circleMarker(at, { radius: 6 }) }).addTo(map);
  layer.on("click", () => show(number, { scroll: true }));
  layer.on("mouseover", () => mark(number));
  layer.on("mouseout", () => mark(null));
  if (!outlines.has(number)) outlines.set(number, []);
  outlines.get(number).push({ layer, feature });
  const box = boxOf(feature.geometry);
  if (box) {
    whole[0] = Math.min(whole[0], box[0]); whole[1] = Math.min(whole[1], box[1]);
    whole[2] = Math.max(whole[2], box[2]); whole[3] = Math.max(whole[3], box[3]);
  }
}
if (Number.isFinite(whole[0])) map.fitBounds([[whole[1], whole[0]], [whole[3], whole[2]]], { padding: [60, 60], maxZoom: 17 });

function paint(number) {
  const row = rowOf(number);
  const box = row?.querySelector("[name=feature]");
  const taken = !box || box.checked || box.disabled;
  const chosen = row?.querySelector("[data-variant]:checked")?.value;
  for (const { layer, feature } of outlines.get(number) ?? []) {
    const { outcome, variant } = feature.properties;
    const style = taken ? { dashArray: null, ...STYLES[outcome] } : LEFT_OUT;
    const picked = variant && chosen === variant;
    layer.setStyle(picked ? { ...style, dashArray: null, fillOpacity: 0.25 } : style);
  }
}

function mark(number) {
  for (const row of table?.querySelectorAll("tr.is-active") ?? []) row.classList.remove("is-active");
  for (const key of outlines.keys()) paint(key);
  if (number === null) return;
  rowOf(number)?.classList.add("is-active");
  for (const { layer } of outlines.get(number) ?? []) { layer.setStyle({ weight: 5 }); layer.bringToFront(); }
  standing?.bringToFront();
}

function show(number, { scroll = false } = {}) {
  mark(number);
  const boxes = (outlines.get(number) ?? []).map(({ feature }) => boxOf(feature.geometry)).filter(Boolean);
  if (scroll) rowOf(number)?.scrollIntoView({ block: "nearest" });
  else if (boxes.length) {
    const [west, south, east, north] = [0, 1, 2, 3].map((i) => Math[i < 2 ? "min" : "max"](...boxes.map((box) => box[i])));
    map.fitBounds([[south, west], [north, east]], { padding: [80, 80], maxZoom: 17 });
  }
}

table?.addEventListener("change", (event) => paint(Number(event.target.closest("tr").dataset.number)));
table?.addEventListener("mouseover", (event) => mark(Number(event.target.closest("tr[data-number]")?.dataset.number) || null));
table?.addEventListener("mouseleave", () => mark(null));
table?.addEventListener("focusin", (event) => mark(Number(event.target.closest("tr[data-number]")?.dataset.number) || null));
table?.addEventListener("click", (event) => {
  if (event.target.closest("input, label, a")) return;
  const row = event.target.closest("tr[data-number]");
  if (row) show(Number(row.dataset.number));
});
mark(null);
document.documentElement.dataset.board = "ready";

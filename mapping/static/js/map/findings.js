// How do the rows of a report and the pieces on the map point at each other? Both ways; counters filter the groups.
//
//   const pieces = drawPieces(map, data.pieces)   → Map: finding's number → layer; a click on a piece shows its row #ket-qua-N
//   linkRows(map, pieces, { home, lines })         rows carry data-finding="N"; home: bounds to return to
//   filterGroups(".report-group")                  groups and counters carry data-sev, data-filter-sev
/* global L */
import { lookAt } from "datnghe/map/look.js";
import { severityStyle } from "datnghe/map/patterns.js";

export function drawPieces(map, collection) {
  const pieces = new Map();
  L.geoJSON(collection, {
    style: ({ properties }) => pieceStyle(properties),
    onEachFeature: (feature, layer) => {
      pieces.set(String(feature.properties.finding), layer);
      layer.on("click", () => showRow(feature.properties.finding));
      layer.on("mouseover", () => light(feature.properties.finding, true));
      layer.on("mouseout", () => light(feature.properties.finding, false));
    },
  }).addTo(map);
  return pieces;
}

// a piece that is all of the zone shows its pattern when it is pointed at; at rest it would hide the others
function pieceStyle({ sev, whole }, active = false) {
  return { ...severityStyle(sev, { active }), ...(whole && !active ? { fillOpacity: 0 } : {}) };
}

/** Hovering a row outlines its piece; a click zooms with 20 % margin, a second click returns. */
export function linkRows(map, pieces, { home, lines = null } = {}) {
  const nearest = linesByFinding(lines);
  let zoomed = null;
  for (const row of document.querySelectorAll("[data-finding]")) {
    const piece = pieces.get(row.dataset.finding);
    const line = nearest.get(row.dataset.finding);
    const target = piece || line;
    if (!target) continue;
    const mark = (on) => () => {
      piece?.setStyle(pieceStyle(piece.feature.properties, on));
      if (on) piece?.bringToFront();
      if (line) { if (on) line.addTo(map); else if (zoomed !== row) line.remove(); }
      row.classList.toggle("is-active", on);
    };
    for (const [enter, leave] of [["mouseenter", "mouseleave"], ["focus", "blur"]]) {
      row.addEventListener(enter, mark(true));
      row.addEventListener(leave, mark(false));
    }
    const go = () => {
      zoomed = zoomed === row ? null : row;
      lookAt(map, zoomed ? target.getBounds().pad(0.2) : home, { maxZoom: 18 });
    };
    row.addEventListener("click", (event) => { if (!event.target.closest("a, button")) go(); });
    row.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === row) go(); });
  }
}

/** A counter shows only its groups; a second click shows all. */
export function filterGroups(selector) {
  const counters = document.querySelectorAll("[data-filter-sev]");
  for (const counter of counters) {
    counter.addEventListener("click", () => {
      const on = counter.getAttribute("aria-pressed") !== "true";
      for (const other of counters) other.setAttribute("aria-pressed", String(other === counter && on));
      for (const group of document.querySelectorAll(selector)) {
        group.hidden = on && group.dataset.sev !== counter.dataset.filterSev;
        if (on && !group.hidden) group.open = true;
      }
    });
  }
}

function linesByFinding(collection) {
  const found = new Map();
  for (const feature of collection?.features || []) {
    found.set(String(feature.properties.finding), L.geoJSON(feature, { interactive: false, style: { color: "#1d2321", weight: 2, dashArray: "3 5" } }));
  }
  return found;
}

function showRow(number) {
  const row = document.getElementById(`ket-qua-${number}`);
  if (!row) return;
  const group = row.closest("details");
  if (group) { group.open = true; group.hidden = false; }
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
}

function light(number, on) {
  document.getElementById(`ket-qua-${number}`)?.classList.toggle("is-active", on);
}

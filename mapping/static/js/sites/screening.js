// What do the rules say about the province? Cells as tiles, one cell on a click, exact answers for what is in view.
/* global L, protomapsL */
import { createMap } from "datnghe/map/basemap.js";
import { constraintPane } from "datnghe/map/layers.js";
import { addLegend } from "datnghe/map/legend.js";
import { jsonData } from "datnghe/shell/dom.js";
import { csrfToken, readJson } from "datnghe/shell/http.js";
import { toast } from "datnghe/shell/toast.js";

// by number of the class, best first; the same colours as everywhere, lighter because they fill the map
const FILL = ["#5f9a6f", "#6f9bd0", "#e0a13c", "#b4b4ac", "#8e9097", "#c05a78"];
// what was not checked is darker the more conditions were found all the same: score from 100 down
const UNCHECKED = 3;
const GREYS = [[99, "#c4c4bd"], [80, "#a9a79b"], [0, "#8f8c7e"]];
const fill = (f) => (f.props.c === UNCHECKED ? GREYS.find(([least]) => (f.props.s ?? 100) >= least)[1] : FILL[f.props.c] || FILL[4]);
const MAX_DATA_ZOOM = 15;
const data = jsonData("screening-data");
const { map, settings, basemap } = await createMap(document.getElementById("map"));
constraintPane(map);
addLegend(map, settings, { basemap });

let cells = cellLayer(data.tiles).addTo(map);

function cellLayer(url) {
  const source = { dataSource: "cells", dataLayer: "cells" };
  const share = (f) => (f.props.n ? Math.max(f.props.p ?? 0, f.props.u ?? 0, f.props.g ?? 0) / f.props.n : 1);
  return protomapsL.leafletLayer({
    sources: { cells: { url, maxDataZoom: MAX_DATA_ZOOM } },
    paintRules: [
      { ...source, symbolizer: new protomapsL.PolygonSymbolizer({ fill: (_z, f) => fill(f), opacity: (_z, f) => 0.25 + 0.4 * share(f), perFeature: true }) },
      { ...source, minzoom: 13, filter: (_z, f) => !f.props.n, symbolizer: new protomapsL.LineSymbolizer({ color: "#ffffff", width: 0.5, opacity: 0.6 }) },
      { ...source, minzoom: 12, filter: (_z, f) => f.props.x === true || f.props.x === 1, symbolizer: new protomapsL.LineSymbolizer({ color: "#1d2321", width: 1, opacity: 0.8 }) },
    ],
    labelRules: [],
    noWrap: true,
    pane: "constraints",
  });
}

function cellAt(latlng) {
  const zoom = Math.min(MAX_DATA_ZOOM + 1, map.getZoom());
  const found = cells.queryTileFeaturesDebug?.(latlng.lng, latlng.lat) || new Map();
  for (const features of found.values()) for (const { feature } of features) if (feature.props.n === undefined) return { ...feature.props, zoom };
  return null;
}

map.on("click", async ({ latlng }) => {
  const found = cellAt(latlng);
  const place = document.getElementById("cell");
  if (!found) { toast(gettext("Zoom in until single cells are shown, then click one.")); return; }
  const answer = await fetch(`${data.cell}?i=${found.i}&j=${found.j}`);
  if (!answer.ok) return;
  // our own template; the server escapes every text in it
  place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
  place.scrollIntoView({ block: "nearest" });
});

const button = document.querySelector("[data-exact]");
const state = document.querySelector("[data-exact-state]");
button?.addEventListener("click", async () => {
  button.disabled = true;
  const view = map.getBounds();
  const body = new URLSearchParams({ box: [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].join(",") });
  try {
    const response = await fetch(data.exact, { method: "POST", headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" }, body });
    const answer = await response.json();
    if (!response.ok) throw new Error([answer.message, answer.todo].filter(Boolean).join(" "));
    if (answer.follow) await follow(answer.follow);
    state.textContent = gettext("Every cell in view is answered exactly.");
  } catch (problem) {
    state.textContent = problem.message;
  }
  button.disabled = false;
});

async function follow(url) {
  for (;;) {
    const now = await readJson(url);
    state.textContent = interpolate(gettext("%s percent checked"), [Math.round(now.share * 100)]);
    if (now.state !== "running") {
      cells.remove();
      cells = cellLayer(now.tiles).addTo(map);
      return;
    }
    await new Promise((done) => { setTimeout(done, 1000); });
  }
}
document.getElementById("map").dataset.cells = "1";

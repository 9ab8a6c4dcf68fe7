// How does every map of the house begin? Leaflet at the province's bounds with our own vector base map, controls in the
// page's language, the inset with Biển Đông, Hoàng Sa and Trường Sa; no address outside is asked unless the operator allows it.
//
//   const { map, settings, basemap, bounds } = await createMap(document.getElementById("map"), { inset: true });
//
// options: zoom (true), scale (true), locate (true), inset (true), interactive (true), fit (L.LatLngBounds instead of the province),
// room (width → how fit is framed; once, because every further zoom asks for tiles of its own)
/* global L, protomapsL */
import { readJson } from "datnghe/shell/http.js";
import { el, icon } from "datnghe/shell/dom.js";
import { HOANG_SA, LAND_AROUND, MAINLAND, OTHER_ISLANDS, TRUONG_SA } from "datnghe/map/frame.js";
import { addInset } from "datnghe/map/inset.js";
import { labelFeatures, labelRules } from "datnghe/map/labels.js";
import { tileAddress } from "datnghe/map/layers.js";
import { addLocate } from "datnghe/map/locate.js";
import { watchZooms } from "datnghe/map/look.js";
import { paintRules, roleOf, SEA } from "datnghe/map/paint.js";
import { memoryView, onlyWhere } from "datnghe/map/source.js";

const SETTINGS_ADDRESS = "/api/map/";
const FALLBACK_BOUNDS = [[11.9, 107.4], [13.75, 109.5]];
let settingsOnce = null;
const made = new WeakMap();

/** Read the map settings once per page. */
export function mapSettings() {
  settingsOnce ||= readJson(SETTINGS_ADDRESS).then((settings) => ({ layers: [], labels: [], ...settings }));
  return settingsOnce;
}

/** Return the map that was made in *element*, for what the shell offers on every page with a map. */
export function mapIn(element) {
  return made.get(element);
}

/** Make a map in *element*; it is usable at once, the base map appears when its settings arrive. */
export async function createMap(element, options = {}) {
  const { zoom = true, scale = true, locate = true, inset = true, interactive = true, fit = null, room = null } = options;
  const loading = el("div", { class: "map-loading" });
  element.append(loading);
  let settings = { layers: [], labels: [], failed: true };
  try {
    settings = await mapSettings();
  } catch (problem) {
    failed(element, problem);
  }
  const bounds = L.latLngBounds(settings.bounds ? toLatLng(settings.bounds) : FALLBACK_BOUNDS);
  const map = L.map(element, {
    zoomControl: false,
    attributionControl: false,
    minZoom: 5,
    maxZoom: 19,
    maxBounds: settings.max_bounds ? toLatLng(settings.max_bounds) : [[2, 96], [26, 122]],
    maxBoundsViscosity: 0.8,
    zoomSnap: 1, // between whole levels the canvas would be scaled and names shrink to 70 %
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fadeAnimation: false,
    dragging: interactive, keyboard: interactive, scrollWheelZoom: interactive, touchZoom: interactive, doubleClickZoom: interactive, boxZoom: interactive,
  });
  made.set(element, map);
  // whoever looks at the page from outside can see whether the map is still moving
  map.on("movestart", () => { delete element.dataset.rest; });
  map.on("moveend", () => { element.dataset.rest = "1"; element.dataset.bbox = map.getBounds().toBBoxString(); });
  watchZooms(map);
  map.fitBounds(fit || bounds, fit && room ? room(map.getSize().x) : undefined);
  if (interactive) element.setAttribute("role", "application");
  element.setAttribute("aria-label", gettext("Map; arrow keys move it, plus and minus zoom"));
  L.control.attribution({ prefix: false }).addTo(map);
  if (zoom) L.control.zoom({ position: "topright", zoomInTitle: gettext("Zoom in"), zoomOutTitle: gettext("Zoom out") }).addTo(map);
  if (locate) addLocate(map, bounds);
  if (scale) L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  speak(map);
  await fontsReady();
  const basemap = baseLayer(settings).addTo(map);
  if (inset) addInset(map, bounds);
  loading.remove();
  element.dataset.ready = "1";
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(element);
  return { map, settings, basemap, bounds };
}

/** Build the vector base map out of the layers the server lists. */
export function baseLayer(settings) {
  const sources = {};
  const parts = [];
  for (const layer of settings.layers) {
    const role = roleOf(layer);
    const places = /place|town/.test(layer.code);
    if (!(role || places) || (layer.constraint && !layer.style?.role)) continue;
    sources[layer.code] = { url: tileAddress(layer), maxDataZoom: layer.maxzoom || 14 };
    parts.push({ role: places ? "places" : role, source: layer.code, layer: layer.code, colours: layer.style?.colours });
  }
  const of = (role) => parts.filter((part) => part.role === role);
  const schematic = settings.layers.some((layer) => layer.schematic) || settings.failed;
  const layer = protomapsL.leafletLayer({
    sources: Object.keys(sources).length ? sources : { none: { url: "data:,{z}{x}{y}", maxDataZoom: 0 } },
    paintRules: paintRules(parts, "frame"),
    labelRules: labelRules("names", { roads: of("road"), water: of("river"), places: of("places") }),
    attribution: schematic ? gettext("Schematic map, not to be used for determining boundaries") : settings.attribution || "",
    backgroundColor: SEA,
    noWrap: true,
    lang: "vi",
    updateWhenZooming: false,
  });
  layer.views.delete("none");
  for (const one of settings.layers) onlyWhere(layer.views.get(one.code), one.bounds);
  const dots = [...HOANG_SA, ...TRUONG_SA, ...OTHER_ISLANDS].map((at) => ({ type: 1, rings: [[at]], props: {} }));
  layer.views.set("frame", memoryView({ around: LAND_AROUND.map((ring) => ({ type: 3, rings: [ring], props: {} })), mainland: [{ type: 3, rings: [MAINLAND], props: {} }], dots }));
  layer.views.set("names", memoryView(labelFeatures(settings.labels)));
  return layer;
}

/** GeoJSON order [west, south, east, north] to Leaflet's corners. */
export function toLatLng([west, south, east, north]) {
  return [[south, west], [north, east]];
}

// the canvas writes with the page's font only once it has arrived
async function fontsReady() {
  if (!document.fonts) return;
  const wanted = ["500", "600"].map((weight) => document.fonts.load(`${weight} 12px "Be Vietnam Pro"`, "Đắk Ạ"));
  await Promise.race([Promise.all(wanted), new Promise((resolve) => { setTimeout(resolve, 1500); })]);
}

// what Leaflet says by itself in English
function speak(map) {
  map.on("popupopen", ({ popup }) => {
    const close = popup.getElement()?.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", gettext("Close"));
    close?.setAttribute("title", gettext("Close"));
  });
}

function failed(element, problem) {
  element.append(el("div", { class: "notice notice-warn map-failed", role: "alert" }, icon("warning"),
    el("div", {}, gettext("The base map could not be loaded; lists and figures still work."), " ", problem.message || "")));
}

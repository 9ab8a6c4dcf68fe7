// What can a corner snap to besides the own zone? Edges of units and constraint layers in view, fetched as GeoJSON.
// They are invisible: the basemap shows the layers, these lines only attract the pointer.
import { debounce } from "datnghe/shell/dom.js";
import { readJson } from "datnghe/shell/http.js";

const FROM_ZOOM = 15;
const MOST_DEGREES = 0.149; // the server answers for small views only
const LINE = { pmIgnore: true, snapIgnore: false, interactive: false, opacity: 0, fill: false, weight: 1, className: "snap-target" };

export function startSnapping(map, url = "/api/snap/") {
  const targets = L.layerGroup().addTo(map);
  let loaded = null;
  let asked = null;
  const load = debounce(250, async () => {
    if (map.getZoom() < FROM_ZOOM) { targets.clearLayers(); loaded = null; return; }
    const view = map.getBounds();
    if (loaded?.contains(view)) return;
    const wide = Math.max(view.getEast() - view.getWest(), view.getNorth() - view.getSouth());
    if (wide > MOST_DEGREES) return;
    const area = view.pad(Math.min(0.25, (MOST_DEGREES / wide - 1) / 2));
    asked?.abort();
    asked = new AbortController();
    try {
      const found = await readJson(`${url}?bbox=${[area.getWest(), area.getSouth(), area.getEast(), area.getNorth()].map((v) => v.toFixed(6)).join(",")}`, { signal: asked.signal });
      targets.clearLayers();
      for (const feature of found.features || []) add(targets, feature);
      loaded = found.truncated ? null : area;
      map.getContainer().dataset.snapTargets = String(targets.getLayers().length);
    } catch (error) {
      if (error.name !== "AbortError") loaded = null; // without targets drawing goes on; the next move asks again
    }
  });
  map.on("moveend", load);
  load();
  return targets;
}

function add(group, { geometry, properties = {} }) {
  const snapLabel = properties.label || properties.name || properties.title || "";
  const latlngs = (part) => part.map(([lon, lat]) => [lat, lon]);
  const line = (part) => L.polyline(latlngs(part), { ...LINE, snapLabel }).addTo(group);
  if (geometry?.type === "LineString") line(geometry.coordinates);
  else if (geometry?.type === "MultiLineString" || geometry?.type === "Polygon") geometry.coordinates.forEach(line);
  else if (geometry?.type === "MultiPolygon") geometry.coordinates.forEach((rings) => rings.forEach(line));
  else if (geometry?.type === "Point") L.circleMarker(latlngs([geometry.coordinates])[0], { ...LINE, radius: 1, snapLabel }).addTo(group);
}

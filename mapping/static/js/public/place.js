// Where is this place? Its mark, and the boundary of a cluster, on the shared map.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { addLegend } from "datnghe/map/legend.js";
import { pinOf } from "datnghe/map/markers.js";
import { jsonData } from "datnghe/shell/dom.js";

const place = jsonData("place-data");
const at = L.latLng(place.at[1], place.at[0]);
const { map, settings, basemap } = await createMap(document.getElementById("map"), { fit: at.toBounds(14000) });
addLegend(map, settings, { basemap });
if (place.boundary) {
  const outline = L.geoJSON(place.boundary, { interactive: false, style: { color: "#7a4b12", weight: 3, fillColor: "#e6a95c", fillOpacity: 0.25 } }).addTo(map);
  map.fitBounds(outline.getBounds().pad(0.8));
} else {
  L.marker(at, { icon: pinOf(place), alt: place.name, title: place.name, keyboard: false, interactive: false }).addTo(map);
}

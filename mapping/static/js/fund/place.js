// Where is the funded project? A mark, and the boundary of the cluster it is meant for.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { jsonData } from "datnghe/shell/dom.js";
import { markAt } from "datnghe/fund/mark.js";

const place = jsonData("place-data");
const at = L.latLng(place.at[1], place.at[0]);
const { map } = await createMap(document.getElementById("map"), { fit: at.toBounds(9000), locate: false });
if (place.boundary) L.geoJSON(place.boundary, { interactive: false, style: { color: "#7a4b12", weight: 3, fillColor: "#e6a95c", fillOpacity: 0.25 } }).addTo(map);
markAt(map, at, place.name);

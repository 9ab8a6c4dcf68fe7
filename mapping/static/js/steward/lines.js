// Where do the features of this list lie? Their dots on a map.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { jsonData } from "datnghe/shell/dom.js";
import { changeDots } from "datnghe/steward/points.js";

const points = jsonData("points");
const bounds = L.latLngBounds(points.map(({ at: [lon, lat] }) => [lat, lon]));
const { map } = await createMap(document.getElementById("map"), {
  inset: false,
  locate: false,
  ...(points.length ? { fit: bounds.pad(0.2) } : {}),
});
changeDots(map, points);

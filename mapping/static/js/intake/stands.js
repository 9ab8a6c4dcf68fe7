// Which boundary stands already where the file lands? A thin dark line, over everything, that no pointer meets.
/* global L */
import { jsonData } from "datnghe/shell/dom.js";

/** Draw the boundary the page compares with; returns its layer, null when there is none. */
export function drawStanding(map) {
  const boundary = jsonData("stands");
  return boundary && L.geoJSON(boundary, { interactive: false, style: { color: "#3c1414", weight: 1.5, fill: false } }).addTo(map);
}

// What does the geometry of this record look like? Drawn on the house's map, never edited here.
/* global L */
import { createMap } from "datnghe/map/basemap.js";

for (const element of document.querySelectorAll("[data-picture]")) {
  const data = element.parentElement.querySelector("script[type='application/json']");
  if (!data) continue;
  const shape = L.geoJSON(JSON.parse(data.textContent), {
    interactive: false,
    style: { color: "#0e5a66", weight: 3, fillOpacity: 0.12 },
    pointToLayer: (_feature, latlng) => L.circleMarker(latlng, { radius: 8, color: "#0e5a66" }),
  });
  createMap(element, { fit: shape.getBounds().pad(0.2), locate: false, inset: false }).then(({ map }) => shape.addTo(map));
}

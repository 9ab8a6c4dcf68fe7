// How is the place of a project marked on a map? One drop, drawn by Leaflet itself, no picture file.
/* global L */

/** Put a mark at *latlng*; *name* is what a screen reader says. */
export function markAt(map, latlng, name) {
  return L.circleMarker(latlng, { radius: 8, color: "#ffffff", weight: 3, fillColor: "#0e5a66", fillOpacity: 1, interactive: false, alt: name }).addTo(map);
}

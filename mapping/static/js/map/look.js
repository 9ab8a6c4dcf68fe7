// How is a map moved to a place somebody asked for, also while it is still on its way to another one?
//
//   lookAt(map, bounds, { maxZoom: 18 });
//   lookAt(map, latlng, { minZoom: 17 });   // at this zoom or as near as the map is already
//   lookAt(map, latlng, { zoom: 12 });      // at this very zoom
//
// Leaflet drops a move that begins while a zoom is animated: the last place asked for is gone to when that zoom has ended.
/* global L */
const zooming = new WeakSet();
const waiting = new WeakMap();

/** Remember when *map* is amid an animated zoom; every map of the house begins with it. */
export function watchZooms(map) {
  map.on("zoomanim", () => zooming.add(map));
  map.on("zoomend", () => {
    zooming.delete(map);
    const go = waiting.get(map);
    waiting.delete(map);
    go?.();
  });
}

/** Show *target*, bounds or a point, on *map*. */
export function lookAt(map, target, { minZoom = 0, zoom = null, ...options } = {}) {
  const go = () => {
    if (target instanceof L.LatLngBounds) map.fitBounds(target, options);
    else map.setView(target, zoom ?? Math.max(map.getZoom(), minZoom), options);
  };
  if (zooming.has(map)) {
    waiting.set(map, go);
    return;
  }
  map.stop();
  go();
}

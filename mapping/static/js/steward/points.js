// Where is there something to look at? Dots for changes of features, rings for proposals answered otherwise.
/* global L */

const COLOURS = { added: "#1f7a4d", removed: "#b3261e", moved: "#8a5a00", repaired: "#5b4b8a", duplicate: "#585c61" };
const SEVERITIES = { prohibited: "--sev-prohibited", condition: "--sev-condition", advice: "--sev-advice", clear: "--sev-clear" };

/** Draw *points* ({at: [lon, lat], kind, title}) as dots that say what they are. */
export function changeDots(map, points) {
  return L.layerGroup(
    points.map((point) =>
      L.circleMarker(latLng(point), { radius: 5, weight: 1.5, color: "#fff", fillColor: COLOURS[point.kind], fillOpacity: 0.95 })
        .bindTooltip(plain(point.title)),
    ),
  ).addTo(map);
}

/** Draw *points* ({at, severity, title}) as rings in the colour of the verdict they would get. */
export function verdictRings(map, points) {
  const style = getComputedStyle(document.documentElement);
  return L.layerGroup(
    points.map((point) => {
      const name = SEVERITIES[point.severity] ?? "--sev-unchecked";
      return L.circleMarker(latLng(point), { radius: 11, weight: 4, color: style.getPropertyValue(name).trim(), fillColor: "#fff", fillOpacity: 0.6 })
        .bindTooltip(plain(point.title));
    }),
  ).addTo(map);
}

function latLng({ at: [lon, lat] }) {
  return L.latLng(lat, lon);
}

// a tooltip takes HTML: names come from files of other houses
function plain(text) {
  const box = document.createElement("span");
  box.textContent = text;
  return box;
}

// Where will the money be used, where is the village? A click on the map marks the place; the form carries it as
// longitude and latitude, hidden or in fields of their own that move the mark when somebody writes in them.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { number } from "datnghe/shell/number.js";
import { markAt } from "datnghe/fund/mark.js";

const lon = document.getElementById("id_lon");
const lat = document.getElementById("id_lat");
const said = document.getElementById("place-said");
const clear = document.getElementById("place-clear");
const { map } = await createMap(document.getElementById("map"));
let mark = null;

function set(latlng) {
  mark?.remove();
  mark = latlng ? markAt(map, latlng, "") : null;
  lon.value = latlng ? latlng.lng.toFixed(7) : "";
  lat.value = latlng ? latlng.lat.toFixed(7) : "";
  said.textContent = latlng ? interpolate(gettext("Marked: %(lat)s N, %(lon)s E"), { lat: number(latlng.lat, 5), lon: number(latlng.lng, 5) }, true) : "";
  clear.hidden = !latlng;
}

map.on("click", (event) => set(event.latlng));
document.getElementById("place-centre").addEventListener("click", () => set(map.getCenter()));
clear.addEventListener("click", () => set(null));

/** Put the mark where the fields say, and bring it into view; what is no position leaves the map alone. */
function fromFields() {
  const [north, east] = [lat, lon].map((field) => (field.value.trim() ? Number(field.value.replace(",", ".")) : NaN));
  if (!(Math.abs(north) <= 90 && Math.abs(east) <= 180)) return;
  set(L.latLng(north, east));
  map.setView([north, east], Math.max(map.getZoom(), 12));
}

for (const field of [lon, lat]) field.addEventListener("change", fromFields);
fromFields();

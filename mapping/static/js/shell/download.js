// What goes into a downloaded file? What the list shows; on wish only what lies on the map or in an area drawn on it, what is
// ticked; and in which zone a map file is written.
import { setSheet } from "datnghe/shell/panel.js";

/** Give the links of every download control the place, rows and zone that it asks for, at the moment of the click. */
export function startDownloads() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-download] a[data-href]");
    if (!link) return;
    const control = link.closest("[data-download]");
    const address = new URL(link.dataset.href, location.href);
    const { bbox, drawn } = document.getElementById("map")?.dataset || {};
    if (control.querySelector("[data-download-map]")?.checked && bbox) address.searchParams.set("bbox", bbox);
    if (control.querySelector("[data-download-area]")?.checked && drawn) address.searchParams.set("area", drawn);
    if (control.querySelector("[data-download-ticks]")?.checked) {
      const ticked = [...document.querySelectorAll("[data-tick]:checked")].map((box) => box.dataset.tick);
      address.searchParams.set("ids", ticked.join(",") || "0");
    }
    const zone = control.querySelector("[data-download-zone]");
    if (zone && "zoned" in link.dataset && zone.selectedIndex > 0) address.searchParams.set("srid", zone.value);
    link.href = address.pathname + address.search;
    control.open = false;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-download-area]")) drawOn(event.target);
  });
  // a filtered list comes with a control of its own, while the outline is still on the map
  document.addEventListener("htmx:afterSettle", () => {
    const drawn = document.getElementById("map")?.dataset.drawn;
    for (const box of document.querySelectorAll("[data-download-area]")) box.checked = Boolean(drawn);
  });
}

// the box stays ticked only once an area is closed; the map, its tools and Leaflet are asked for only then
async function drawOn(box) {
  const element = document.getElementById("map");
  const [{ mapIn }, { clearArea, drawArea }] = await Promise.all([import("datnghe/map/basemap.js"), import("datnghe/map/area.js")]);
  const map = mapIn(element);
  delete element.dataset.drawn;
  if (map && !box.checked) clearArea(map);
  if (!map || !box.checked) { box.checked = false; return; }
  const control = box.closest("[data-download]");
  const sheet = document.body.dataset.sheet;
  box.checked = false;
  control.open = false;
  setSheet("low");
  element.scrollIntoView({ block: "nearest" });
  const corners = await drawArea(map);
  setSheet(sheet || "middle");
  if (corners) {
    box.checked = true;
    element.dataset.drawn = corners.flatMap((at) => [at.lng.toFixed(5), at.lat.toFixed(5)]).join("_");
  }
  control.open = true;
  box.focus();
}

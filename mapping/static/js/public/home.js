// How do list and map belong together on the first page? The list's data are drawn; pointing at one marks the other.
import { createMap } from "datnghe/map/basemap.js";
import { addLegend } from "datnghe/map/legend.js";
import { PlaceMarkers } from "datnghe/map/markers.js";
import { jsonData } from "datnghe/shell/dom.js";

const { map, settings, basemap } = await createMap(document.getElementById("map"));
addLegend(map, settings, { basemap });
const markers = new PlaceMarkers(map);
markers.show(jsonData("places-data") || []);

const results = document.getElementById("results");
const rowOf = (event) => event.target.closest?.("[data-place]");
for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  results.addEventListener(begin, (event) => { const row = rowOf(event); if (row) markers.mark(row.dataset.place, true); });
  results.addEventListener(end, (event) => { const row = rowOf(event); if (row) markers.mark(row.dataset.place, false); });
}
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== results && !results.contains(event.target)) return;
  const places = jsonData("places-data") || [];
  markers.show(places);
  if (new URLSearchParams(location.search).toString()) markers.fit();
});

// the search box of the top bar feeds the list's own form here, without leaving the page
const form = document.getElementById("filters");
document.querySelector(".top-search")?.addEventListener("submit", (event) => {
  event.preventDefault();
  form.elements.q.value = event.target.elements.q.value;
  htmx.trigger(form, "submit");
});
form.querySelector("a[href='/']")?.addEventListener("click", () => { document.querySelector("[data-search]").value = ""; });

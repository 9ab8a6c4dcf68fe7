// How is a comment or a disagreement pinned? The button asks for a click on the map (or the map's middle, by keyboard) and fills the form.
/* global L */
import { el } from "datnghe/shell/dom.js";

export function startPinning(map) {
  const form = document.querySelector("[data-pin-form]");
  if (!form) return;
  const said = form.querySelector("[data-pinned]");
  const button = form.querySelector("[data-pin]");
  const field = (name) => form.elements.namedItem(name);
  let mark = null;
  let waiting = false;

  const wanted = new URLSearchParams(location.search).get("dong");
  if (wanted && field("anchor")) {
    field("anchor").value = "finding";
    field("anchor_key").value = wanted;
    said.textContent = interpolate(gettext("Pinned to row %s of the report."), [wanted]);
  }

  const put = (latlng) => {
    waiting = false;
    map.getContainer().classList.remove("is-pinning");
    mark?.remove();
    mark = L.marker(latlng, { icon: L.divIcon({ html: el("span", { class: "pin-number is-new" }, "+"), className: "pin-mark", iconSize: [26, 26] }), keyboard: false, interactive: false }).addTo(map);
    if (field("anchor")) field("anchor").value = "place";
    field("lon").value = latlng.lng.toFixed(9);
    field("lat").value = latlng.lat.toFixed(9);
    said.textContent = gettext("Pinned to the marked place.");
    form.querySelector("textarea").focus();
  };

  button.addEventListener("click", () => {
    if (waiting) return put(map.getCenter());
    waiting = true;
    map.getContainer().classList.add("is-pinning");
    said.textContent = gettext("Click the place on the map, or press the button again for the middle of the map.");
    return undefined;
  });
  map.on("click", (event) => { if (waiting) put(event.latlng); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !waiting) return;
    waiting = false;
    map.getContainer().classList.remove("is-pinning");
    said.textContent = gettext("Not pinned to a place.");
  });
}

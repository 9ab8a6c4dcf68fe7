// How does a person get back to the province, or to where they stand? Two buttons under the zoom.
/* global L */
import { el, icon } from "datnghe/shell/dom.js";
import { toast } from "datnghe/shell/toast.js";

/** Add the buttons "whole province" and "my place". */
export function addLocate(map, bounds) {
  const Buttons = L.Control.extend({
    options: { position: "topright" },
    onAdd() {
      const home = button("home", gettext("Whole province"), () => map.fitBounds(bounds));
      const here = button("locate", gettext("Where I am"), () => map.locate({ setView: true, maxZoom: 15, timeout: 10000 }));
      const node = el("div", { class: "leaflet-bar" }, home, here);
      L.DomEvent.disableClickPropagation(node);
      return node;
    },
  });
  map.addControl(new Buttons());
  let mark = null;
  map.on("locationfound", (event) => {
    mark?.remove();
    mark = L.circle(event.latlng, { radius: Math.max(20, event.accuracy), color: "#0e5a66", weight: 2, fillOpacity: 0.12 }).addTo(map);
    if (!bounds.contains(event.latlng)) toast(gettext("You are outside the province."));
  });
  map.on("locationerror", () => toast(gettext("Your place could not be found. Allow the browser to use it, or search for a place."), { bad: true }));
}

function button(name, label, run) {
  return el("a", { href: "#", role: "button", title: label, "aria-label": label, onclick: (event) => { event.preventDefault(); run(); } }, icon(name, "icon-s"));
}

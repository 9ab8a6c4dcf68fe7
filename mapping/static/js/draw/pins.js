// Where on the map do open comments stand? Numbered pins; a pin opens its thread, a thread's button goes to its pin.
import { lookAt } from "datnghe/map/look.js";
import { el } from "datnghe/shell/dom.js";

export function showPins(map, pins, openThread) {
  map.createPane("comment-pins").style.zIndex = 645; // over part numbers
  const group = L.layerGroup().addTo(map);
  for (const pin of pins) {
    const marker = L.marker([pin.at[1], pin.at[0]], {
      pmIgnore: true, snapIgnore: true, keyboard: true, pane: "comment-pins", alt: interpolate(gettext("Comment %s"), [pin.number]),
      icon: L.divIcon({ className: `comment-pin${pin.waits ? " is-waiting" : ""}`, html: el("span", {}, String(pin.number)), iconSize: [28, 28], iconAnchor: [14, 28] }),
    }).addTo(group);
    marker.getElement()?.setAttribute("aria-label", interpolate(gettext("Comment %s"), [pin.number]));
    marker.bindTooltip(el("span", {}, pin.text), { direction: "top", offset: [0, -26] });
    marker.on("click", () => openThread(pin.number));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-pin-show]");
    const pin = button && pins.find((one) => String(one.number) === button.dataset.pinShow);
    if (pin) lookAt(map, [pin.at[1], pin.at[0]], { minZoom: 17 });
  });
}

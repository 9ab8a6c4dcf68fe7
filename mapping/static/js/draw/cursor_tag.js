// How long is the side under the hand, and where does it point? A small tag beside the pointer.
import { el } from "datnghe/shell/dom.js";
import { ha, metres, number } from "datnghe/shell/number.js";
import * as geo from "datnghe/draw/geo.js";

export class CursorTag {
  constructor(map) {
    this.map = map;
    this.node = el("div", { class: "cursor-tag", hidden: "", "aria-hidden": "true" });
    map.getContainer().append(this.node);
  }

  /** Show lengths and bearings of *sides* ([[a, b] …], [lon, lat]) beside *latlng*; *ring* adds its hectares. */
  sides(latlng, sides, ring = null) {
    const lines = sides.map(([a, b]) => el("span", {}, `${metres(geo.distance(a, b))} · ${number(geo.bearing(a, b), 0)}°`));
    if (ring) lines.push(el("span", {}, ha(Math.abs(geo.ringArea(ring)) / 10000)));
    this.node.replaceChildren(...lines);
    this.node.hidden = false;
    const at = this.map.latLngToContainerPoint(latlng);
    const size = this.map.getSize();
    const left = at.x + 18 + 130 > size.x ? at.x - 140 : at.x + 18;
    this.node.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(4, at.y - 14))}px)`;
  }

  hide() { this.node.hidden = true; }
}

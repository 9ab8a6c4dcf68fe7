// What does the drawn zone look like? Layers for areas, cut lines, tags, snap ring, crossings; made anew from the model.
// It changes nothing in the model.
import { ha, metres, number } from "datnghe/shell/number.js";
import { el } from "datnghe/shell/dom.js";
import * as geo from "datnghe/draw/geo.js";

const ZONE = { color: "#0e5a66", weight: 3, fillColor: "#0e5a66", fillOpacity: 0.08, pmIgnore: false, className: "zone-shape" };
const BROKEN = { color: "#a8123a", weight: 3, fillColor: "url(#zone-broken)", fillOpacity: 1, pmIgnore: false, className: "zone-shape zone-broken" };
const CUT = { color: "#1d2321", weight: 2.5, dashArray: "7 5", pmIgnore: false, className: "zone-cut" };
const QUIET = { interactive: false, pmIgnore: true, snapIgnore: true };

export class Ink {
  constructor(map) {
    this.map = map;
    this.limits = null;
    this.exactHa = null;
    this.shapes = L.featureGroup().addTo(map);
    this.marks = L.layerGroup().addTo(map);
    this.tags = L.layerGroup().addTo(map);
    this.ruler = L.layerGroup().addTo(map);
    this.polygons = [];
    this.cuts = [];
    map.createPane("zone-tags").classList.add("zone-tags");
    map.getPane("zone-tags").style.zIndex = 640;
    map.getPane("zone-tags").style.pointerEvents = "none";
    brokenPattern();
  }

  render(state, interactive) {
    this.shapes.clearLayers();
    const crossed = geo.crossings(state.polygons, 30);
    const style = { ...(crossed.length ? BROKEN : ZONE), interactive, bubblingMouseEvents: true };
    const latlngs = (rings) => rings.map((ring) => ring.map(([lon, lat]) => [lat, lon]));
    this.polygons = state.polygons.map((rings) => L.polygon(latlngs(rings), style).addTo(this.shapes));
    this.cuts = state.cuts.map((line) => L.polyline(latlngs([line])[0], { ...CUT, interactive }).addTo(this.shapes));
    const drawn = JSON.stringify(state.polygons); // the server's figure holds until the shape changes, not until it is redrawn
    if (drawn !== this.drawn) this.exactHa = null;
    this.drawn = drawn;
    this.retag(state.polygons);
    this.#cross(crossed);
  }

  /** Restyle and measure again after an edit that kept the layers. */
  refresh(state) {
    const crossed = geo.crossings(state.polygons, 30);
    const { color, weight, fillColor, fillOpacity } = crossed.length ? BROKEN : ZONE;
    for (const layer of this.polygons) layer.setStyle({ color, weight, fillColor, fillOpacity });
    this.drawn = JSON.stringify(state.polygons);
    this.exactHa = null;
    this.retag(state.polygons);
    this.#cross(crossed);
  }

  /** Show the hectares the server measured and the range the law allows. */
  measure(hectares, limits) {
    this.exactHa = hectares;
    this.limits = limits || this.limits;
    this.retag(this.last || []);
  }

  retag(polygons) {
    this.last = polygons;
    this.tags.clearLayers();
    const total = polygons.reduce((sum, rings) => sum + geo.polygonArea(rings), 0) / 10000;
    if (!polygons.length || total < 0.001) return;
    const largest = polygons.reduce((best, rings) => (geo.polygonArea(rings) > geo.polygonArea(best) ? rings : best));
    const ys = largest[0].map((p) => p[1]);
    // a divided zone is full of part numbers: its tag stands on its northern edge
    const [lon, lat] = this.cuts.length ? [largest[0].find((p) => p[1] === Math.max(...ys))[0], Math.max(...ys)] : geo.labelPoint(largest);
    const value = this.exactHa && JSON.stringify(polygons) === this.drawn ? this.exactHa : total;
    const tag = el("div", { class: `zone-tag${this.cuts.length ? " is-above" : ""}` }, el("b", {}, value === this.exactHa ? ha(value) : `≈ ${ha(value)}`));
    if (this.limits?.max_ha) tag.append(gauge(value, this.limits), el("span", {}, this.limits.min_ha ? `${number(this.limits.min_ha, 0)} – ${ha(this.limits.max_ha, 0)}` : `≤ ${ha(this.limits.max_ha, 0)}`));
    L.marker([lat, lon], { ...QUIET, pane: "zone-tags", keyboard: false, icon: L.divIcon({ className: "zone-tag-holder", html: tag, iconSize: null }) }).addTo(this.tags);
  }

  /** Ring on a corner, bar on a side, and what it is. *event* is Geoman's pm:snap; null clears. */
  snapped(event) {
    this.snapRing?.remove();
    this.snapRing = null;
    if (!event) return;
    const { snapLatLng, segment, layerInteractedWith: layer } = event;
    const onCorner = !segment || segment.some((p) => p.lat === snapLatLng.lat && p.lng === snapLatLng.lng);
    const group = L.layerGroup();
    if (onCorner) L.circleMarker(snapLatLng, { ...QUIET, radius: 9, color: "#b3005e", weight: 3, fill: false }).addTo(group);
    else L.polyline(segment, { ...QUIET, color: "#b3005e", weight: 5, opacity: 0.75 }).addTo(group);
    const what = layer?.options?.snapLabel || (layer?.options?.className?.includes("zone-shape") ? gettext("this boundary") : layer?.options?.className?.includes("zone-cut") ? gettext("a cut line") : "");
    if (what) L.tooltip({ permanent: true, direction: "top", offset: [0, -12], className: "snap-label", pane: "zone-tags" }).setLatLng(snapLatLng).setContent(el("span", {}, what)).addTo(group);
    this.snapRing = group.addTo(this.map);
  }

  /** Put a ring round one corner ([lon, lat]); null clears. */
  mark(at) {
    this.cornerRing?.remove();
    this.cornerRing = at ? L.circleMarker([at[1], at[0]], { ...QUIET, radius: 12, color: "#1d2321", weight: 3, fillColor: "#ffd34d", fillOpacity: 0.6 }).addTo(this.map) : null;
  }

  measured(points) {
    this.ruler.clearLayers();
    if (points.length < 2) return;
    const total = points.slice(1).reduce((sum, p, i) => sum + geo.distance(points[i], p), 0);
    L.polyline(points.map(([lon, lat]) => [lat, lon]), { ...QUIET, color: "#1b5ba6", weight: 3, dashArray: "2 6" }).addTo(this.ruler);
    const [lon, lat] = points.at(-1);
    const close = el("button", { type: "button", class: "button button-small", onclick: () => this.ruler.clearLayers() }, gettext("Remove the measure"));
    L.popup({ closeButton: false, autoClose: false, closeOnClick: false, pmIgnore: true }).setLatLng([lat, lon]).setContent(el("div", {}, el("p", {}, el("b", {}, metres(total))), close)).addTo(this.ruler);
  }

  #cross(points) {
    this.marks.clearLayers();
    points.forEach(([lon, lat], i) => L.marker([lat, lon], { ...QUIET, keyboard: false, icon: L.divIcon({ className: "crossing-dot", html: el("span", {}, String(i + 1)), iconSize: [22, 22] }) }).addTo(this.marks));
  }
}

/** The allowed range as a small bar with a pointer. */
export function gauge(value, { min_ha: min, max_ha: max }) {
  const ns = "http://www.w3.org/2000/svg";
  const top = max * 1.25;
  const x = (v) => (Math.min(Math.max(v, 0), top) / top) * 100;
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 100 12");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", `gauge${value > max || value < (min || 0) ? " is-outside" : ""}`);
  svg.setAttribute("aria-hidden", "true");
  const rect = (from, to, css) => {
    const node = document.createElementNS(ns, "rect");
    for (const [k, v] of Object.entries({ x: from, y: 4, width: Math.max(0.5, to - from), height: 4, class: css })) node.setAttribute(k, v);
    svg.append(node);
  };
  rect(0, 100, "gauge-track");
  rect(x(min || 0), x(max), "gauge-range");
  const pointer = document.createElementNS(ns, "path");
  pointer.setAttribute("d", `M${x(value)} 1 l3 -1 l-3 12 l-3 -12 z`);
  pointer.setAttribute("class", "gauge-pointer");
  svg.append(pointer);
  return svg;
}

function brokenPattern() {
  if (document.getElementById("zone-broken")) return;
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  for (const [k, v] of Object.entries({ width: 0, height: 0, "aria-hidden": "true", class: "pattern-store" })) svg.setAttribute(k, v);
  const pattern = document.createElementNS(ns, "pattern");
  for (const [k, v] of Object.entries({ id: "zone-broken", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" })) pattern.setAttribute(k, v);
  const back = document.createElementNS(ns, "rect");
  for (const [k, v] of Object.entries({ width: 8, height: 8, fill: "#a8123a", "fill-opacity": 0.12 })) back.setAttribute(k, v);
  const line = document.createElementNS(ns, "rect");
  for (const [k, v] of Object.entries({ width: 3, height: 8, fill: "#a8123a", "fill-opacity": 0.75 })) line.setAttribute(k, v);
  pattern.append(back, line);
  svg.append(pattern);
  document.body.append(svg);
}

// How are many places shown without a heap? On a grid of the screen: alone as the emblem of the trade, together as a count.
/* global L */
import { el, icon } from "datnghe/shell/dom.js";

const CELL = 56;          // pixels; marks closer than this are gathered
const LISTED = 10;        // a pop-up lists at most ten and says how to narrow

export class PlaceMarkers {
  constructor(map) {
    this.map = map;
    this.places = [];
    this.group = L.layerGroup().addTo(map);
    this.byPlace = new Map();
    map.on("zoomend resize", () => this.draw());
  }

  /** Show *places*: {kind, slug, name, trade, place, money, emblem, href, at: [lon, lat]}. */
  show(places) {
    this.places = places.map((place) => ({ ...place, latlng: L.latLng(place.at[1], place.at[0]) }));
    this.draw();
  }

  /** Move the map to what is shown. */
  fit() {
    if (!this.places.length) return;
    this.map.fitBounds(L.latLngBounds(this.places.map((place) => place.latlng)).pad(0.15), { maxZoom: 13 });
  }

  /** Mark or unmark the place "kind/slug". */
  mark(key, on) {
    this.byPlace.get(key)?.getElement()?.classList.toggle("is-active", on);
  }

  draw() {
    this.group.clearLayers();
    this.byPlace.clear();
    for (const cell of this.cells()) {
      const marker = cell.length === 1 ? this.single(cell[0]) : this.gathered(cell);
      marker.addTo(this.group);
      for (const place of cell) this.byPlace.set(`${place.kind}/${place.slug}`, marker);
    }
  }

  // greedy from west to east: a place joins the first cell whose middle is near enough
  cells() {
    const zoom = this.map.getZoom();
    const cells = [];
    for (const place of [...this.places].sort((a, b) => a.at[0] - b.at[0])) {
      const at = this.map.project(place.latlng, zoom);
      const near = cells.find((cell) => Math.abs(cell.x - at.x) < CELL && Math.abs(cell.y - at.y) < CELL);
      if (near) {
        near.places.push(place);
        near.x += (at.x - near.x) / near.places.length;
        near.y += (at.y - near.y) / near.places.length;
      } else cells.push({ x: at.x, y: at.y, places: [place] });
    }
    return cells.map((cell) => cell.places);
  }

  single(place) {
    return L.marker(place.latlng, { icon: pinOf(place), title: place.name, alt: place.name, riseOnHover: true })
      .bindPopup(() => card(place), { maxWidth: 280 });
  }

  gathered(places) {
    const bounds = L.latLngBounds(places.map((place) => place.latlng));
    const label = interpolate(ngettext("%s place", "%s places", places.length), [places.length]);
    const marker = L.marker(bounds.getCenter(), {
      icon: L.divIcon({ className: "", iconSize: [44, 44], html: el("span", { class: "pin pin-group" }, String(places.length)) }),
      title: label,
      alt: label,
    });
    marker.bindPopup(() => this.list(places, bounds), { maxWidth: 300 });
    return marker;
  }

  list(places, bounds) {
    const listed = places.slice(0, LISTED);
    const rest = places.length - listed.length;
    const zoomIn = el("button", { type: "button", class: "button button-small", onclick: () => { this.map.closePopup(); this.map.fitBounds(bounds.pad(0.3), { maxZoom: 14 }); } }, icon("zoom", "icon-s"), gettext("Zoom in"));
    return el("div", {},
      el("ul", { class: "group-list" }, listed.map((place) => el("li", {}, el("a", { href: place.href }, emblem(place), el("span", {}, place.name))))),
      rest > 0 ? el("p", { class: "muted" }, interpolate(ngettext("and %s more: zoom in or narrow the list", "and %s more: zoom in or narrow the list", rest), [rest])) : null,
      this.map.getZoom() < 14 ? zoomIn : null);
  }
}

/** The mark of one place: its trade's emblem in a coin; a cluster has corners. */
export function pinOf(place) {
  return L.divIcon({
    className: "",
    iconSize: [36, 36],
    html: el("span", { class: `pin${place.kind === "cluster" ? " pin-square" : ""}` }, emblem(place)),
  });
}

function emblem(place) {
  return place.emblem ? el("img", { src: place.emblem, alt: "" }) : icon(place.kind === "cluster" ? "cluster" : "villages");
}

// built from nodes: names and trades are data and never become HTML
function card(place) {
  return el("div", {},
    el("p", { class: "pop-title" }, place.name),
    el("p", {}, [place.trade, place.place].filter(Boolean).join(" · ")),
    place.money ? el("p", {}, interpolate(gettext("Support granted: %s"), [place.money])) : null,
    el("a", { class: "button button-small", href: place.href }, gettext("Open the page")));
}

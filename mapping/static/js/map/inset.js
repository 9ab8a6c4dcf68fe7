// Where is the province in Việt Nam? An inset with Biển Đông, Hoàng Sa and Trường Sa, shown while the view is wider than the
// province and does not itself reach both archipelagos.
/* global L */
import { ARCHIPELAGO_BOUNDS, HOANG_SA, MAINLAND, OTHER_ISLANDS, TRUONG_SA } from "datnghe/map/frame.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 132;
const HEIGHT = 150;
const WEST = 101.6;
const NORTH = 23.8;
const SCALE = WIDTH / (117 - WEST);
const x = (lon) => ((lon - WEST) * SCALE).toFixed(1);
const y = (lat) => ((NORTH - lat) * SCALE * 0.985).toFixed(1);

/** Add the inset. *bounds*: the province's L.LatLngBounds. */
export function addInset(map, bounds) {
  const Inset = L.Control.extend({
    options: { position: "bottomright" },
    onAdd() {
      this.node = L.DomUtil.create("div", "map-inset");
      this.node.append(drawing(bounds));
      L.DomEvent.disableClickPropagation(this.node);
      return this.node;
    },
  });
  const inset = new Inset();
  map.addControl(inset);
  const islands = L.latLngBounds(ARCHIPELAGO_BOUNDS);
  const update = () => {
    const view = map.getBounds();
    const wider = !bounds.pad(0.02).contains(view);
    inset.node.hidden = !wider || view.contains(islands);
  };
  map.on("moveend resize", update);
  update();
  return inset;
}

function drawing(bounds) {
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": gettext("Việt Nam with Biển Đông, Hoàng Sa and Trường Sa; the province is marked") });
  svg.append(make("rect", { width: WIDTH, height: HEIGHT, class: "inset-sea" }));
  svg.append(make("path", { class: "inset-land", d: `M${MAINLAND.map(([lon, lat]) => `${x(lon)} ${y(lat)}`).join("L")}Z` }));
  for (const [lon, lat] of [...HOANG_SA, ...TRUONG_SA, ...OTHER_ISLANDS]) svg.append(make("circle", { class: "inset-island", cx: x(lon), cy: y(lat), r: 1.1 }));
  const [w, s, e, n] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  svg.append(make("rect", { class: "inset-here", x: x(w), y: y(n), width: x(e) - x(w), height: y(s) - y(n) }));
  svg.append(text("Biển Đông", 113.6, 13.1, "inset-sea-name"));
  svg.append(text("QĐ. Hoàng Sa", 112.2, 17.7, "inset-name"));
  svg.append(text("QĐ. Trường Sa", 112.5, 7.2, "inset-name"));
  return svg;
}

function text(name, lon, lat, css) {
  const node = make("text", { x: x(lon), y: y(lat), class: css, "text-anchor": "middle" });
  node.textContent = name;
  return node;
}

function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

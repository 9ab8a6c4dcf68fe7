// How are the layers that rules use shown over the base map? One canvas per layer, switched on and off by the legend.
/* global L, protomapsL */
import { onlyWhere } from "datnghe/map/source.js";

// the ministry's plan-map colours (from memory of Circular 27/2018/TT-BTNMT, not verified), shown at 45 % over paper
export const LAND_USE = {
  LUC: "rgb(255,252,130)", LUK: "rgb(255,252,140)", LUN: "rgb(255,252,180)", HNK: "rgb(255,240,180)", CLN: "rgb(255,210,160)",
  RSX: "rgb(180,255,180)", RPH: "rgb(190,255,30)", RDD: "rgb(110,255,100)", NTS: "rgb(170,255,255)", ONT: "rgb(255,208,255)",
  ODT: "rgb(255,160,255)", SKK: "rgb(250,170,160)", SKN: "rgb(250,170,160)", DGT: "rgb(255,170,50)", SON: "rgb(160,255,255)",
};

const THEMES = {
  land: { fill: "#c9b458", line: "#7d6d1f" },
  forest: { fill: "#5f9a4b", line: "#3c6b2c" },
  water: { fill: "#4f9dc0", line: "#2c6f90" },
  traffic: { fill: "#d08b3c", line: "#8f5a1c" },
  energy: { fill: "#b06ab3", line: "#7a3f7d" },
  people: { fill: "#c98fa8", line: "#8a4a66" },
  heritage: { fill: "#b5733d", line: "#7a4516" },
  industry: { fill: "#8d86a8", line: "#5b5478" },
  relief: { fill: "#a58a6a", line: "#6f5636" },
  defence: { fill: "#8f8f8f", line: "#555555" },
};

/** Colours of a layer: its own style hints first, then its theme's. */
export function lookOf(layer) {
  const { fill, line, dash, colours } = layer.style || {};
  const theme = THEMES[layer.theme] || { fill: "#8f8f8f", line: "#555555" };
  return { fill: fill || theme.fill, line: line || theme.line, dash, colours: colours || {} };
}

/** The land code in the middle of its parcel, only where the parcel has room for it (the library's own text sits on the first corner). */
class CodeInside {
  place(layout, geom, feature) {
    const text = feature.props.class_code || "";
    const xs = geom[0].map((point) => point.x);
    const ys = geom[0].map((point) => point.y);
    const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const font = '500 11px "Be Vietnam Pro", sans-serif';
    layout.scratch.font = font;
    const half = layout.scratch.measureText(text).width / 2 + 3;
    if (!text || east - west < 3 * half || south - north < 24) return undefined;
    const anchor = { x: (west + east) / 2, y: (north + south) / 2 };
    const draw = (ctx) => {
      Object.assign(ctx, { font, textAlign: "center", textBaseline: "middle", lineWidth: 2.5, lineJoin: "round", strokeStyle: "rgba(255, 255, 255, 0.8)", fillStyle: "#4d5551" });
      ctx.strokeText(text, 0, 0);
      ctx.fillText(text, 0, 0);
    };
    return [{ anchor, bboxes: [{ minX: anchor.x - half, maxX: anchor.x + half, minY: anchor.y - 8, maxY: anchor.y + 8 }], draw }];
  }
}

/** Make the canvas layer of one constraint layer; add it to a map with .addTo(map). */
export function constraintLayer(layer) {
  const look = lookOf(layer);
  const byLandCode = layer.theme === "land";
  const source = { dataSource: layer.code, dataLayer: layer.code, minzoom: byLandCode ? 14 : undefined }; // further out parcels are only noise
  const byClass = byLandCode || Object.keys(look.colours).length > 1;
  const colour = (_z, f) => look.colours[f.props.class_code] || (byLandCode && LAND_USE[f.props.class_code]) || look.colours.default || look.fill;
  const rules = [
    { ...source, filter: (_z, f) => f.geomType === 3, symbolizer: new protomapsL.PolygonSymbolizer({ fill: byClass ? colour : look.fill, opacity: 0.45, perFeature: byClass }) },
    { ...source, filter: (_z, f) => f.geomType === 3, symbolizer: new protomapsL.LineSymbolizer({ color: look.line, width: (z) => (byLandCode ? 0.7 : z < 12 ? 0.8 : 1.4), opacity: byLandCode ? 0.6 : 0.9 }) },
    { ...source, filter: (_z, f) => f.geomType === 2, symbolizer: new protomapsL.LineSymbolizer({ color: byClass ? colour : look.line, width: (z) => (z < 11 ? 1.6 : 3), perFeature: byClass, dash: look.dash || undefined }) },
    { ...source, filter: (_z, f) => f.geomType === 1, symbolizer: new protomapsL.CircleSymbolizer({ radius: 3, fill: look.fill, stroke: look.line, width: 1 }) },
  ];
  const labels = byLandCode
    ? [{ ...source, minzoom: 15, filter: (_z, f) => f.geomType === 3, symbolizer: new CodeInside() }]
    : [];
  const tiles = protomapsL.leafletLayer({
    sources: { [layer.code]: { url: tileAddress(layer), maxDataZoom: layer.maxzoom || 15 } },
    paintRules: rules,
    labelRules: labels,
    attribution: layer.attribution || "",
    noWrap: true,
    minZoom: layer.minzoom || 0,
    pane: "constraints",
  });
  onlyWhere(tiles.views.get(layer.code), layer.bounds);
  return tiles;
}

/** The address template of a layer's tiles; versioned by edition, so cacheable for ever. */
export function tileAddress(layer) {
  return layer.tiles || `/tiles/${layer.code}/${layer.edition}/{z}/{x}/{y}.mvt`;
}

/** Make the pane for constraint layers: above the base map, under everything that can be clicked. */
export function constraintPane(map) {
  if (!map.getPane("constraints")) {
    map.createPane("constraints");
    map.getPane("constraints").style.zIndex = 250;
    map.getPane("constraints").style.pointerEvents = "none";
  }
}

/** Optional OpenStreetMap raster, only where the operator allowed it; the page then sends its origin as referrer. */
export function osmLayer() {
  return L.tileLayer("https://tile.openstreetmap.org/{z}/{x}/{y}.png", {
    maxZoom: 19,
    attribution: `© ${gettext("OpenStreetMap contributors")}`,
    referrerPolicy: "strict-origin-when-cross-origin",
  });
}

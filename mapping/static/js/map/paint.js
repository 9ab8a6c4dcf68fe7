// How do the quiet base layers look? Paper, faint relief, forests, water, roads by class, boundaries; no severity colours.
/* global protomapsL */

// hypsometric tints, low to high; matched by class_code/class text or by order of the band
const RELIEF = ["#f1f4ea", "#eef1e3", "#ebecd9", "#e6e4ce", "#e0dac2", "#d8cfb6", "#cfc3aa"];
const LAND = "#f4f5ef";
export const SEA = "#d6e7ee";

const ROADS = [
  { match: /motorway|expressway|cao_toc|^CT/i, colour: "#d9822b", width: 1.35, rank: 0 },
  { match: /trunk|national|quoc_lo|^QL|^1$|cap_i+$/i, colour: "#e6a95c", width: 1.15, rank: 1 },
  { match: /primary|secondary|provincial|tinh|^[ĐD]T|^2$/i, colour: "#efcf92", width: 0.85, rank: 2 },
  { match: /./, colour: "#dcd6c5", width: 0.55, rank: 3 },
];
const roadOf = (f) => ROADS.find((road) => road.match.test(String(f.props.class_code ?? f.props.class ?? f.props.ref ?? "x"))) || ROADS[3];
const zoomWidth = (z) => (z <= 7 ? 1.1 : z <= 9 ? 1.6 : z <= 11 ? 2.4 : z <= 13 ? 3.6 : z <= 15 ? 6 : 9);

function bandColour(f, colours) {
  const own = colours?.[f.props.class_code] || f.props.colour;
  if (own) return own;
  const text = String(f.props.class_code ?? f.props.class ?? f.props.name ?? "");
  const metres = Number((/-?\d+/.exec(text) || [0])[0]);
  const step = [100, 300, 450, 600, 900, 1300].findIndex((limit) => metres < limit);
  return RELIEF[step === -1 ? RELIEF.length - 1 : step];
}

/** Paint rules of one base layer, chosen by what the layer is. *look* is a name of `roles`. */
const PAINTERS = {
  relief: (s, colours) => [{ ...s, symbolizer: new protomapsL.PolygonSymbolizer({ fill: (_z, f) => bandColour(f, colours), opacity: (z) => (z < 10 ? 0.7 : z < 13 ? 0.45 : 0.25), perFeature: true }) }],
  outline: (s) => [{ ...s, symbolizer: new protomapsL.PolygonSymbolizer({ fill: LAND, opacity: 1 }) }],
  forest: (s) => [{ ...s, symbolizer: new protomapsL.PolygonSymbolizer({ fill: "#d3e3c4", opacity: 0.75 }) }],
  lake: (s) => [{ ...s, symbolizer: new protomapsL.PolygonSymbolizer({ fill: "#bcd9e6", stroke: "#8fb9cd", width: 0.6 }) }],
  river: (s) => [
    { ...s, filter: (_z, f) => f.geomType === 2, symbolizer: new protomapsL.LineSymbolizer({ color: "#8fbdd3", width: (z) => (z < 9 ? 1 : z < 12 ? 1.8 : 3) }) },
    { ...s, filter: (_z, f) => f.geomType === 3, symbolizer: new protomapsL.PolygonSymbolizer({ fill: "#bcd9e6" }) },
  ],
  road: (s) => [
    { ...s, minzoom: 9, filter: (z, f) => roadOf(f).rank < 3 || z >= 12, symbolizer: new protomapsL.LineSymbolizer({ color: "#b9a98a", width: (z, f) => zoomWidth(z) * roadOf(f).width + 1.2, perFeature: true, lineCap: "round", lineJoin: "round" }) },
    { ...s, filter: (z, f) => roadOf(f).rank < 2 || (roadOf(f).rank === 2 && z >= 8) || z >= 12, symbolizer: new protomapsL.LineSymbolizer({ color: (_z, f) => roadOf(f).colour, width: (z, f) => zoomWidth(z) * roadOf(f).width, perFeature: true, lineCap: "round", lineJoin: "round" }) },
  ],
  commune: (s) => [{ ...s, minzoom: 8, symbolizer: new protomapsL.LineSymbolizer({ color: "#8c8a80", width: (z) => (z < 11 ? 0.7 : 1.1), opacity: 0.75, dash: [4, 3] }) }],
  district: (s) => [{ ...s, minzoom: 7, symbolizer: new protomapsL.LineSymbolizer({ color: "#8f7d93", width: 1, opacity: 0.6, dash: [8, 3, 2, 3] }) }],
  province: (s) => [{ ...s, symbolizer: new protomapsL.LineSymbolizer({ color: "#6b5b76", width: (z) => (z < 9 ? 1.6 : 2.4), opacity: 0.9 }) }],
  land: (s) => [{ ...s, symbolizer: new protomapsL.PolygonSymbolizer({ fill: "#f7ead7", opacity: 0.9 }) }],
};

// drawn from the bottom up
const ORDER = ["outline", "relief", "land", "forest", "lake", "river", "road", "commune", "district", "province"];

/** Say what a layer of the server's list is on the base map; null when it is none of it. */
export function roleOf(layer) {
  const hint = layer.style?.role;
  if (hint && hint in PAINTERS) return hint;
  const code = layer.code || "";
  const table = [
    [/relief|elevation|dia_hinh/, "relief"], [/province.*outline|outline|province_area/, "outline"], [/lake|ho_/, "lake"],
    [/basemap_river|^rivers?$/, "river"], [/basemap_road|^roads?$/, "road"], [/unit.*district|district/, "district"],
    [/unit.*commune|commune|^units$/, "commune"], [/province/, "province"], [/basemap_forest/, "forest"], [/basemap_resid|urban/, "land"],
  ];
  return table.find(([pattern]) => pattern.test(code))?.[1] || null;
}

/** Paint rules for the whole base map. *sources*: [{role, source, layer, colours}]. */
export function paintRules(sources, frame) {
  const rules = [
    { dataSource: frame, dataLayer: "around", symbolizer: new protomapsL.PolygonSymbolizer({ fill: "#ecebe5" }) },
    { dataSource: frame, dataLayer: "mainland", maxzoom: 9, symbolizer: new protomapsL.PolygonSymbolizer({ fill: "#eceade", stroke: "#b9b29f", width: (z) => (z < 7 ? 1 : 0.01) }) },
    { dataSource: frame, dataLayer: "dots", maxzoom: 12, symbolizer: new protomapsL.CircleSymbolizer({ radius: 2.2, fill: "#1f4d63", stroke: "#ffffff", width: 1 }) },
  ];
  for (const role of ORDER) {
    for (const { source, layer, colours } of sources.filter((item) => item.role === role)) {
      rules.push(...PAINTERS[role]({ dataSource: source, dataLayer: layer }, colours));
    }
  }
  return rules;
}

// Which names stand on the map, when, and who gives way? One canvas layer above the shapes; names have a halo, widest first.
/* global protomapsL */
import { SEA_NAMES } from "datnghe/map/frame.js";

const FAMILY = '"Be Vietnam Pro"';
const HALO = "rgba(255, 255, 255, 0.92)";

/** A text in the middle of its point, in several lines where needed, laid out once per name. */
class Name {
  constructor({ size, weight = 500, fill, style = "", spacing = 0, upper = false, chars = 18, halo = HALO, dot = false }) {
    Object.assign(this, { size, weight, fill, style, spacing, upper, chars, halo, dot });
  }

  place(layout, geom, feature) {
    const at = geom[0][0];
    const size = typeof this.size === "function" ? this.size(layout.zoom, feature) : this.size;
    const font = `${this.style} ${this.weight} ${size}px ${FAMILY}, sans-serif`;
    const text = this.upper ? String(feature.props.name).toUpperCase() : String(feature.props.name);
    const lines = wrap(text, this.chars);
    layout.scratch.font = font;
    const width = Math.max(...lines.map((line) => layout.scratch.measureText(line).width + this.spacing * line.length));
    const step = size * 1.22;
    const height = step * lines.length;
    const drop = this.dot ? size * 0.5 + height / 2 : 0;
    const bbox = { minX: at.x - width / 2 - 3, maxX: at.x + width / 2 + 3, minY: at.y - height / 2 - 2 + (this.dot ? -2 : 0), maxY: at.y + height / 2 + 2 + drop };
    const draw = (ctx) => {
      ctx.font = font;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      ctx.lineWidth = 3.5;
      ctx.strokeStyle = this.halo;
      ctx.fillStyle = this.fill;
      if ("letterSpacing" in ctx) ctx.letterSpacing = `${this.spacing}px`;
      if (this.dot) {
        ctx.beginPath();
        ctx.arc(0, 0, 3, 0, 7);
        ctx.lineWidth = 2;
        ctx.stroke();
        ctx.fill();
        ctx.lineWidth = 3.5;
      }
      lines.forEach((line, i) => {
        const y = (i - (lines.length - 1) / 2) * step + drop;
        ctx.strokeText(line, 0, y);
        ctx.fillText(line, 0, y);
      });
      if ("letterSpacing" in ctx) ctx.letterSpacing = "0px";
    };
    return [{ anchor: at, bboxes: [bbox], draw, deduplicationKey: text, deduplicationDistance: 60 }];
  }
}

function wrap(text, chars) {
  return text.split("\n").flatMap((part) => {
    const lines = [""];
    for (const word of part.split(" ")) {
      const last = lines.length - 1;
      if (lines[last] && (lines[last] + word).length >= chars) lines.push(word);
      else lines[last] = lines[last] ? `${lines[last]} ${word}` : word;
    }
    return lines;
  });
}

const named = (_zoom, feature) => Boolean(feature.props.name);

/** Names held in memory: the sea, the archipelagos, and the label points that the server sends. */
export function labelFeatures(points = []) {
  const layer = { sea: [], islands: [], province: [], neighbour: [], district: [], commune: [], town: [] };
  for (const { name, at, kind } of [...SEA_NAMES, ...points]) {
    (layer[kind] ||= []).push({ type: 1, rings: [[at]], props: { name } });
  }
  return layer;
}

/** Rules in order of rank: the first keeps its place. *from* names the memory source. */
export function labelRules(from, { roads = [], water = [], places = [] } = {}) {
  const memory = (dataLayer, symbolizer, minzoom, maxzoom) => ({ dataSource: from, dataLayer, symbolizer, minzoom, maxzoom });
  const rules = [
    memory("islands", new Name({ size: 12, weight: 600, fill: "#1f4d63", chars: 30 }), 5, 12),
    memory("sea", new Name({ size: (z) => (z < 7 ? 15 : 20), weight: 500, style: "italic", fill: "#3f7590", spacing: 2, halo: "rgba(214,231,238,0.9)" }), 5, 12),
    memory("province", new Name({ size: 15, weight: 600, fill: "#1d2321", upper: true, spacing: 1.5 }), 5, 7),
    memory("neighbour", new Name({ size: 12, weight: 500, fill: "#5d645f", upper: true, spacing: 1.5, chars: 14 }), 6, 11),
    ...places.map(({ source, layer }) => ({
      dataSource: source, dataLayer: layer, minzoom: 8, maxzoom: 12,
      filter: (z, f) => Boolean(f.props.name) && (z >= 10 || !(f.props.rank >= 3)), // small places wait for room
      sort: (a, b) => (a.rank ?? 9) - (b.rank ?? 9), // a city keeps its name when a town is too near
      symbolizer: new Name({ size: 13, weight: 600, fill: "#1d2321", dot: true }),
    })),
    memory("town", new Name({ size: 13, weight: 600, fill: "#1d2321", dot: true }), 8, 12),
    memory("commune", new Name({ size: (z) => (z < 11 ? 11 : z < 13 ? 12.5 : 14), weight: 500, fill: "#3c433f", chars: 14 }), 10, 15),
    ...roads.map(({ source, layer }) => ({
      dataSource: source, dataLayer: layer, minzoom: 8, filter: (z, f) => Boolean(f.props.ref || f.props.name) && (z >= 10 || /^(QL|CT|AH)/.test(f.props.ref || f.props.name)),
      symbolizer: new protomapsL.ShieldSymbolizer({ labelProps: ["ref", "name"], font: `600 10px ${FAMILY}`, fill: "#5b3d00", background: "#fff6dc", padding: 3 }),
    })),
    ...water.map(({ source, layer }) => ({
      dataSource: source, dataLayer: layer, minzoom: 9, filter: named,
      symbolizer: new protomapsL.LineLabelSymbolizer({ labelProps: ["name"], font: `italic 500 12px ${FAMILY}`, fill: "#2f6f8f", stroke: "#ffffff", width: 3, position: 2, repeatDistance: 600 }),
    })),
  ];
  return rules;
}

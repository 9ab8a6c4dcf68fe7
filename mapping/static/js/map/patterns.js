// How does severity look on a map? Colour and pattern together: cross-hatch, diagonal, dots, outline, dashes; readable in grey.
//
// Leaflet (SVG):   L.geoJSON(piece, { style: severityStyle("prohibited") })   after installPatterns() once
// hovered piece:   layer.setStyle(severityStyle("prohibited", { active: true }))
// protomaps:       new protomapsL.PolygonSymbolizer({ pattern: canvasPattern("condition"), … })
// legend, lists:   swatch("advice")  → <svg>

const SVG = "http://www.w3.org/2000/svg";

export const SEVERITIES = {
  prohibited: { line: "#a8123a", fill: "#a8123a", tint: 0.2, marks: "cross" },
  condition: { line: "#8a5200", fill: "#d98800", tint: 0.18, marks: "diagonal" },
  advice: { line: "#1b5ba6", fill: "#1b5ba6", tint: 0.1, marks: "dots" },
  contact: { line: "#5c4a7d", fill: "#5c4a7d", tint: 0.08, marks: "none" },
  clear: { line: "#22693a", fill: "#22693a", tint: 0, marks: "none" },
  not_checked: { line: "#585c61", fill: "#585c61", tint: 0.06, marks: "none", dash: "6 5" },
  not_computable: { line: "#585c61", fill: "#585c61", tint: 0.06, marks: "sparse", dash: "2 4" },
};
const of = (severity) => SEVERITIES[severity] || SEVERITIES.not_computable;

/** Put the patterns into the document once; paths then fill with url(#sev-…). */
export function installPatterns() {
  if (document.getElementById("severity-patterns")) return;
  const svg = make("svg", { id: "severity-patterns", width: 0, height: 0, class: "visually-hidden", "aria-hidden": "true" });
  const defs = make("defs");
  for (const [name, look] of Object.entries(SEVERITIES)) defs.append(pattern(`sev-${name}`, look));
  svg.append(defs);
  document.body.append(svg);
}

/** Leaflet path options for a finding's piece. */
export function severityStyle(severity, { active = false } = {}) {
  const look = of(severity);
  return {
    color: look.line,
    weight: active ? 4 : 2,
    opacity: 1,
    dashArray: look.dash || null,
    fill: severity !== "clear",
    fillColor: `url(#sev-${severity in SEVERITIES ? severity : "not_computable"})`,
    fillOpacity: 1,
    className: `sev-piece${active ? " is-active" : ""}`,
  };
}

/** A repeating canvas tile for canvas renderers. */
export function canvasPattern(severity) {
  const look = of(severity);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 10;
  const ctx = canvas.getContext("2d");
  ctx.globalAlpha = look.tint;
  ctx.fillStyle = look.fill;
  ctx.fillRect(0, 0, 10, 10);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = look.line;
  ctx.fillStyle = look.line;
  ctx.lineWidth = 1.4;
  for (const [x1, y1, x2, y2] of strokes(look.marks)) { ctx.beginPath(); ctx.moveTo(x1, y1); ctx.lineTo(x2, y2); ctx.stroke(); }
  for (const [x, y] of dots(look.marks)) { ctx.beginPath(); ctx.arc(x, y, 1.3, 0, 7); ctx.fill(); }
  return canvas;
}

/** A small drawing of the pattern for legends and lists. */
export function swatch(severity) {
  const look = of(severity);
  const svg = make("svg", { class: "swatch", viewBox: "0 0 28 18", "aria-hidden": "true" });
  const id = `sw-${severity}-${Math.round(Math.random() * 1e9)}`;
  const defs = make("defs");
  defs.append(pattern(id, look));
  svg.append(defs, make("rect", { x: 1, y: 1, width: 26, height: 16, rx: 2, fill: severity === "clear" ? "none" : `url(#${id})`, stroke: look.line, "stroke-width": 2, "stroke-dasharray": look.dash || "none" }));
  return svg;
}

function pattern(id, look) {
  const node = make("pattern", { id, width: 10, height: 10, patternUnits: "userSpaceOnUse" });
  node.append(make("rect", { width: 10, height: 10, fill: look.fill, "fill-opacity": look.tint }));
  for (const [x1, y1, x2, y2] of strokes(look.marks)) node.append(make("line", { x1, y1, x2, y2, stroke: look.line, "stroke-width": 1.4 }));
  for (const [cx, cy] of dots(look.marks)) node.append(make("circle", { cx, cy, r: 1.3, fill: look.line }));
  return node;
}

// strokes run past the tile's corners so that neighbouring tiles join
function strokes(marks) {
  const rising = [[-2, 12, 12, -2], [-2, 2, 2, -2], [8, 12, 12, 8]];
  const falling = [[-2, -2, 12, 12], [-2, 8, 2, 12], [8, -2, 12, 2]];
  if (marks === "cross") return [...rising, ...falling];
  return marks === "diagonal" ? rising : [];
}

function dots(marks) {
  if (marks === "dots") return [[2.5, 2.5], [7.5, 7.5]];
  return marks === "sparse" ? [[5, 5]] : [];
}

function make(name, attributes = {}) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

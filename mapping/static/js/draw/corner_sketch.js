// How do the corners of a table lie to each other? A small picture of its rings whose corners answer to the rows.
const NS = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, EDGE] = [320, 260, 22];
const LABELLED = 40;

function node(tag, attributes, ...children) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Draw rings ([{rows: [{line, name, x (north), y (east)}]}]); *marked* lines are drawn as doubtful. */
export function sketch(blocks, label, marked = new Set()) {
  const all = blocks.flatMap((block) => block.rows);
  const svg = node("svg", { class: "corner-sketch", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  if (!all.length) return svg;
  const [west, east] = [Math.min(...all.map((row) => row.y)), Math.max(...all.map((row) => row.y))];
  const [south, north] = [Math.min(...all.map((row) => row.x)), Math.max(...all.map((row) => row.x))];
  const scale = Math.min((WIDTH - 2 * EDGE) / (east - west || 1e-9), (HEIGHT - 2 * EDGE) / (north - south || 1e-9));
  const at = (row) => [WIDTH / 2 + (row.y - (west + east) / 2) * scale, HEIGHT / 2 - (row.x - (south + north) / 2) * scale];
  const drawn = blocks.filter((block) => block.rows.length > 1);
  svg.append(node("path", { d: drawn.map((block) => `M${block.rows.map((row) => at(row).map((v) => v.toFixed(1)).join(",")).join("L")}${block.rows.length > 2 ? "Z" : ""}`).join("") }));
  for (const row of all) {
    const [x, y] = at(row);
    svg.append(node("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: all.length > LABELLED ? 3 : 5, "data-line": row.line, class: marked.has(row.line) ? "is-bad" : "" }, node("title", {}, row.name)));
    if (all.length <= LABELLED) {
      const right = x < WIDTH / 2;
      svg.append(node("text", { x: (x + (right ? -8 : 8)).toFixed(1), y: (y + (y < HEIGHT / 2 ? -7 : 14)).toFixed(1), "text-anchor": right ? "end" : "start" }, row.name));
    }
  }
  return svg;
}

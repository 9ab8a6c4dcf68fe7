// What happens when two people changed one draft? Three small maps (mine, theirs, both) and a choice; nothing is overwritten blindly.
import { openDialog } from "datnghe/shell/dialog.js";
import { fromServer, polygonsOf, zoneOf } from "datnghe/draw/model.js";
import { boxOf } from "datnghe/draw/geo.js";

const NS = "http://www.w3.org/2000/svg";
const SIZE = [240, 170];

/** Ask what to do. Resolves with "mine", "theirs" or "both"; *conflict* is the body of the 409, *mine* the local state. */
export function askConflict(conflict, mine) {
  const dialog = openDialog("draft-conflict");
  const theirs = fromServer(conflict.theirs_state || { zone: conflict.theirs, cuts: [], uses: [] });
  dialog.querySelector("[data-conflict-text]").textContent = conflict.message;
  dialog.querySelector("[data-conflict-theirs]").textContent = conflict.saved_by || gettext("Theirs");
  const zones = { mine: [[zoneOf(mine), "#0e5a66"]], theirs: [[zoneOf(theirs), "#b3005e"]], both: [[zoneOf(theirs), "#b3005e"], [zoneOf(mine), "#0e5a66"]] };
  const boxes = [zoneOf(mine), zoneOf(theirs)].map(boxOf).filter(Boolean);
  for (const [name, shapes] of Object.entries(zones)) dialog.querySelector(`[data-conflict-map="${name}"]`).replaceChildren(drawing(shapes, boxes));
  dialog.oncancel = (event) => event.preventDefault(); // there is no third way out: one of the three must be chosen
  return new Promise((resolve) => {
    for (const button of dialog.querySelectorAll("[data-conflict]")) button.onclick = () => { dialog.close(); resolve([button.dataset.conflict, theirs]); };
  });
}

/** Draw zones into one small picture with a common frame. */
export function drawing(shapes, boxes) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", `0 0 ${SIZE[0]} ${SIZE[1]}`);
  svg.setAttribute("class", "small-map");
  svg.setAttribute("aria-hidden", "true");
  if (!boxes.length) return svg;
  const frame = boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  const stretch = Math.cos((frame[1] * Math.PI) / 180);
  const scale = Math.min((SIZE[0] - 24) / ((frame[2] - frame[0]) * stretch || 1e-9), (SIZE[1] - 24) / (frame[3] - frame[1] || 1e-9));
  const place = ([lon, lat]) => `${(12 + (lon - frame[0]) * stretch * scale).toFixed(1)} ${(SIZE[1] - 12 - (lat - frame[1]) * scale).toFixed(1)}`;
  for (const [zone, colour] of shapes) {
    if (!zone) continue;
    const path = document.createElementNS(NS, "path");
    path.setAttribute("d", polygonsOf(zone).flat(1).map((ring) => `M${ring.map(place).join("L")}Z`).join(""));
    for (const [k, v] of Object.entries({ fill: colour, "fill-opacity": 0.15, "fill-rule": "evenodd", stroke: colour, "stroke-width": 2.5 })) path.setAttribute(k, v);
    svg.append(path);
  }
  return svg;
}

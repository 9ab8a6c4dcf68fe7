// How does a person draw an area on any map of the house? Corner by corner, by mouse, finger or keyboard; nothing is stored.
//
//   const corners = await drawArea(map);   // [L.LatLng, …], or null when the person gave it up
/* global L */
import { el, icon } from "datnghe/shell/dom.js";

const MOST_CORNERS = 150;
const CLOSE_PX = 14;
const STILL_PX = 6;
const drawn = new WeakMap();
const STYLE = { className: "drawn-area", interactive: false };

/** Let the person draw an area; resolves to its corners or to null. The outline stays until `clearArea`. */
export function drawArea(map) {
  clearArea(map);
  const corners = [];
  const outline = L.polyline([], STYLE).addTo(map);
  const first = L.circleMarker([0, 0], { ...STYLE, radius: 6, className: "drawn-area drawn-area-first" });
  const cover = el("div", { class: "area-cover" }, el("span", { class: "area-cross", "aria-hidden": "true" }));
  const said = el("p", { role: "status" });
  const keys = el("p", { class: "area-keys muted" }, gettext("By keyboard: arrows move the map, the space bar sets a corner in its middle."));
  const close = el("button", { type: "button", class: "button button-primary button-small", disabled: "" }, icon("check", "icon-s"), gettext("Close the area"));
  const undo = el("button", { type: "button", class: "button button-small", disabled: "" }, icon("undo", "icon-s"), gettext("Undo corner"));
  const leave = el("button", { type: "button", class: "button button-small" }, gettext("Cancel"));
  const bar = el("div", { class: "area-bar" }, said, keys, el("div", { class: "row" }, close, undo, leave));
  const container = map.getContainer();
  container.append(cover, bar);
  L.DomEvent.disableClickPropagation(bar);
  container.focus({ preventScroll: true });

  return new Promise((resolve) => {
    const show = (problem = "") => {
      outline.setLatLngs(corners);
      if (corners.length) first.setLatLng(corners[0]).addTo(map); else first.remove();
      close.disabled = corners.length < 3;
      undo.disabled = !corners.length;
      said.textContent = problem || (corners.length < 3
        ? gettext("Click the corners of the area one after the other.")
        : gettext("Click the first corner, or press Enter, to close the area."));
    };
    const end = (found) => {
      cover.remove();
      bar.remove();
      outline.remove();
      first.remove();
      document.removeEventListener("keydown", onKey, true);
      if (found) drawn.set(map, L.polygon(found, STYLE).addTo(map));
      resolve(found);
    };
    const finish = () => {
      if (corners.length < 3) return;
      if (crosses(corners.map((at) => map.project(at)))) show(gettext("The outline crosses itself. Undo corners and draw on."));
      else end(corners);
    };
    const add = (at) => {
      const near = corners.length > 2 && map.latLngToContainerPoint(corners[0]).distanceTo(map.latLngToContainerPoint(at)) < CLOSE_PX;
      if (near) { finish(); return; }
      if (corners.length >= MOST_CORNERS) { show(gettext("An area has at most 150 corners.")); return; }
      corners.push(at);
      show();
    };
    const back = () => { corners.pop(); show(); };
    let pressed = null;
    cover.addEventListener("pointerdown", (event) => { pressed = event; });
    // a click of its own: the layers below must not answer it; a drag still moves the map
    for (const name of ["click", "dblclick"]) cover.addEventListener(name, (event) => event.stopPropagation());
    cover.addEventListener("click", (event) => {
      if (pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > STILL_PX) return;
      add(map.mouseEventToLatLng(event));
    });
    const acts = { " ": () => add(map.getCenter()), Enter: finish, Backspace: back, Escape: () => end(null) };
    function onKey(event) {
      if (event.key.startsWith("Arrow")) cover.classList.add("by-keyboard");
      if (!acts[event.key] || (event.target.closest("button, a, input, select, textarea") && event.key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      acts[event.key]();
    }
    document.addEventListener("keydown", onKey, true);
    close.addEventListener("click", finish);
    undo.addEventListener("click", back);
    leave.addEventListener("click", () => end(null));
    show();
  });
}

/** Take the drawn area off the map. */
export function clearArea(map) {
  drawn.get(map)?.remove();
  drawn.delete(map);
}

/** Tell whether two sides of a ring of points {x, y} that are no neighbours meet. */
function crosses(ring) {
  const sides = ring.map((at, index) => [at, ring[(index + 1) % ring.length]]);
  return sides.some((one, i) => sides.some((other, j) => {
    const apart = Math.abs(i - j);
    return j > i && apart > 1 && apart < sides.length - 1 && meet(one, other);
  }));
}

function meet([a, b], [c, d]) {
  const turn = (p, q, r) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b);
}

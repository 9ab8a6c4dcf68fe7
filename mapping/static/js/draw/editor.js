// How is a boundary drawn? Tools over Leaflet and Geoman; every finished act becomes one named step of the history.
// It knows nothing of the check, the server's draft or the panel: they listen to "change", "moving" and "tool".
import { lookAt } from "datnghe/map/look.js";
import { toast } from "datnghe/shell/toast.js";
import { History } from "datnghe/draw/history.js";
import { Ink } from "datnghe/draw/ink.js";
import { CursorTag } from "datnghe/draw/cursor_tag.js";
import { openMenu } from "datnghe/draw/menu.js";
import { nearestSide } from "datnghe/draw/pick.js";
import * as geo from "datnghe/draw/geo.js";
import * as model from "datnghe/draw/model.js";

const DRAWING = { polygon: "Polygon", hole: "Polygon", merge: "Polygon", subtract: "Polygon", split: "Line", measure: "Line" };
const SNAP_PX = 14;

/** How a boundary is framed on a map *width* px wide: clear of the tools, which on a phone lie over the map's foot. */
export function roomAround(width) {
  const small = width < 700;
  return { paddingTopLeft: small ? [24, 24] : [100, 60], paddingBottomRight: small ? [56, 90] : [60, 80], maxZoom: 17 };
}

export class Editor extends EventTarget {
  /** *combine*: async (op, state, ring) → state, asks the server to add or remove an area exactly. */
  constructor(map, state, { editable = true, combine = null } = {}) {
    super();
    this.map = map;
    this.editable = editable;
    this.combine = combine;
    this.history = new History(state);
    this.state = this.history.state;
    this.tool = "select";
    this.ink = new Ink(map);
    this.tag = new CursorTag(map);
    this.redoVertices = [];
    map.pm.setGlobalOptions({ snapDistance: SNAP_PX, allowSelfIntersection: true });
    map.on("pm:create", (event) => this.#created(event));
    map.on("pm:drawstart", (event) => this.#drawStarted(event));
    map.on("mousemove", (event) => this.#pointerMoved(event));
    map.on("contextmenu", (event) => this.#mapMenu(event));
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#draw();
  }

  // --- what others may ask for -----------------------------------------------------------------------------------------

  get drawing() { return Boolean(DRAWING[this.tool]); }

  use(tool) {
    if (!this.editable && tool !== "select" && tool !== "measure") return;
    this.#stopDrawing();
    this.tool = tool;
    this.tag.hide();
    if (DRAWING[tool]) this.#startDrawing(tool);
    this.#draw();
    this.dispatchEvent(new Event("tool"));
  }

  /** Take over a state as one named step (coordinates pasted, conflict cut out, upload, other person's draft). */
  replace(name, state, { fit = false } = {}) {
    this.#commit(name, state);
    if (fit) this.fit();
  }

  setUses(uses, name) { this.#commit(name, { ...this.state, uses }); }

  undo() {
    if (this.#workingVertices() > 0) { this.#dropVertex(true); return; }
    const name = this.history.undoName;
    this.#restore(this.history.undo(), name && interpolate(gettext("Undone: %s"), [name]));
  }

  redo() {
    if (this.drawing && this.redoVertices.length) { this.#addVertex(this.redoVertices.pop()); return; }
    const name = this.history.redoName;
    this.#restore(this.history.redo(), name && interpolate(gettext("Done again: %s"), [name]));
  }

  fit() {
    const box = geo.boxOf(model.zoneOf(this.state));
    if (box) lookAt(this.map, L.latLngBounds([[box[1], box[0]], [box[3], box[2]]]), roomAround(this.map.getSize().x));
  }

  highlight(at) { this.ink.mark(at); }

  crossings() { return geo.crossings(this.state.polygons); }

  removePolygon(index) {
    const polygons = this.state.polygons.filter((_, i) => i !== index);
    this.#commit(gettext("Delete the area"), { ...this.state, polygons });
    this.#offerUndo(gettext("The area was deleted."));
  }

  clear() {
    this.#commit(gettext("Delete everything"), model.emptyState());
    this.#offerUndo(gettext("The boundary was deleted."));
  }

  // --- steps -----------------------------------------------------------------------------------------------------------

  #commit(name, state) {
    this.state = model.copy(state);
    const kept = this.history.push(name, this.state);
    this.#draw();
    if (kept) this.dispatchEvent(new CustomEvent("change", { detail: { step: name } }));
  }

  #restore(state, text) {
    if (!state) return;
    this.state = state;
    this.#draw();
    if (text) toast(text);
    this.dispatchEvent(new CustomEvent("change", { detail: { step: text } }));
  }

  #offerUndo(text) { toast(text, { action: { label: gettext("Undo"), run: () => this.undo() } }); }

  // --- drawing ---------------------------------------------------------------------------------------------------------

  #startDrawing(tool) {
    const line = DRAWING[tool] === "Line";
    const colour = { hole: "#a8123a", subtract: "#a8123a", split: "#4d5551", measure: "#1b5ba6" }[tool] || "#0e5a66";
    this.redoVertices = [];
    this.map.pm.enableDraw(DRAWING[tool], {
      snappable: true, tooltips: false, cursorMarker: true, continueDrawing: false, allowSelfIntersection: true,
      finishOn: line ? "dblclick" : null,
      templineStyle: { color: colour, weight: 3, dashArray: line ? "6 6" : null },
      hintlineStyle: { color: colour, weight: 2, dashArray: "3 6" },
    });
  }

  #stopDrawing() {
    for (const shape of ["Polygon", "Line"]) if (this.map.pm.Draw[shape]?.enabled()) this.map.pm.disableDraw(shape);
    this.working = null;
  }

  #drawStarted({ workingLayer }) {
    this.working = workingLayer;
    workingLayer.on("pm:snap", (event) => this.ink.snapped(event)).on("pm:unsnap", () => this.ink.snapped(null));
    // finger: no pointer moves between two taps, so the tag follows the last corner
    workingLayer.on("pm:vertexadded", ({ latlng }) => { if (matchMedia("(pointer: coarse)").matches) this.#tagWhileDrawing(latlng, -2); });
  }

  #created({ layer }) {
    const tool = this.tool;
    const line = DRAWING[tool] === "Line";
    const points = line ? model.lineOf(layer) : model.ringOf(layer);
    layer.remove();
    this.ink.snapped(null);
    this.tag.hide();
    if (tool === "measure") { this.ink.measured(points); this.use("select"); return; }
    this.use("select");
    if (tool === "split") {
      this.#commit(gettext("Split by a line"), { ...this.state, cuts: [...this.state.cuts, points] });
    } else if (tool === "polygon") {
      this.#commit(gettext("Draw an area"), { ...this.state, polygons: [...this.state.polygons, [points]] });
    } else if (tool === "hole") {
      this.#cutHole(points);
    } else {
      this.#combine(tool === "merge" ? "add" : "remove", points);
    }
  }

  #cutHole(ring) {
    const index = this.state.polygons.findIndex((rings) => ring.every((point) => geo.pointInPolygon(point, rings)) && !rings.some((other) => geo.crossesRing(ring, other)));
    if (index < 0) { this.#combine("remove", ring); return; }
    const polygons = this.state.polygons.map((rings, i) => (i === index ? [...rings, ring] : rings));
    this.#commit(gettext("Cut a hole"), { ...this.state, polygons });
  }

  async #combine(op, ring) {
    if (!this.state.polygons.length) {
      if (op === "add") this.#commit(gettext("Draw an area"), { ...this.state, polygons: [[ring]] });
      else toast(gettext("Draw the boundary first; then a piece can be taken from it."));
      return;
    }
    const state = await this.combine?.(op, this.state, model.polygonFromRing(ring));
    if (state) this.#commit(op === "add" ? gettext("Add an area") : gettext("Take an area out"), state);
  }

  #workingVertices() { return this.drawing && this.working?._map ? this.working.getLatLngs().flat().length : 0; }

  #dropVertex(keep = false) {
    if (!this.#workingVertices()) return;
    const last = this.working.getLatLngs().flat().at(-1);
    if (keep) this.redoVertices.push(last);
    const tool = this.tool;
    this.map.pm.Draw[DRAWING[tool]]._removeLastVertex();
    if (!this.map.pm.Draw[DRAWING[tool]].enabled()) { const kept = this.redoVertices; this.#startDrawing(tool); this.redoVertices = kept; }
  }

  #addVertex(latlng) {
    const draw = this.map.pm.Draw[DRAWING[this.tool]];
    draw._hintMarker._snapped = false;
    draw._createVertex({ latlng });
  }

  finish() {
    if (!this.drawing) return;
    const least = DRAWING[this.tool] === "Line" ? 2 : 3;
    if (this.#workingVertices() < least) { toast(interpolate(ngettext("At least %s corner is needed.", "At least %s corners are needed.", least), [least])); return; }
    this.map.pm.Draw[DRAWING[this.tool]]._finishShape();
  }

  // --- editing ---------------------------------------------------------------------------------------------------------

  #draw() {
    const selecting = this.tool === "select" && this.editable;
    this.ink.render(this.state, this.editable && (this.tool === "select" || this.tool === "delete"));
    for (const [index, layer] of this.ink.polygons.entries()) this.#wire(layer, "polygon", index, selecting);
    for (const [index, layer] of this.ink.cuts.entries()) this.#wire(layer, "cut", index, selecting);
  }

  #wire(layer, kind, index, selecting) {
    layer.on("click", (event) => {
      if (this.tool !== "delete") return;
      L.DomEvent.stop(event);
      this.#remove(kind, index, event.latlng);
    });
    if (!this.editable) return;
    layer.on("contextmenu", (event) => { if (!this.drawing) { L.DomEvent.stop(event); this.#shapeMenu(event, kind, index); } });
    if (!selecting) return;
    layer.pm.enable({ snappable: true, snapDistance: SNAP_PX, allowSelfIntersection: true, preventMarkerRemoval: true, limitMarkersToCount: 400, addVertexOn: "click" });
    layer.on("pm:markerdragstart", () => this.#moving());
    layer.on("pm:markerdrag", (event) => this.#markerDragged(layer, event));
    layer.on("pm:snap", (event) => this.ink.snapped(event)).on("pm:unsnap", () => this.ink.snapped(null));
    layer.on("pm:markerdragend", () => { this.ink.snapped(null); this.tag.hide(); this.#take(this.added ? gettext("Add a corner") : gettext("Move a corner")); });
    layer.on("pm:vertexadded", ({ marker }) => {
      this.#moving();
      this.added = Boolean(marker._dragging); // a middle handle that is being dragged ends with pm:markerdragend
      if (!this.added) this.#take(gettext("Add a corner"));
    });
    layer.pm._markerGroup.eachLayer((marker) => this.#wireMarker(marker, kind, index));
    layer.on("pm:vertexadded", ({ marker }) => this.#wireMarker(marker, kind, index));
  }

  #wireMarker(marker, kind, index) {
    if (marker.drawDeskWired) return;
    marker.drawDeskWired = true;
    const icon = marker.getElement();
    if (icon) {
      icon.setAttribute("aria-label", marker.leftM ? gettext("Add a corner here") : gettext("Corner; arrow keys move it by a metre, Delete removes it"));
      if (marker.leftM) icon.tabIndex = -1;
      icon.addEventListener("keydown", (event) => this.#cornerKey(event, marker));
    }
    marker.on("contextmenu", (event) => { L.DomEvent.stop(event); this.#vertexMenu(event, kind, index, marker); });
    marker.on("mouseover", () => this.dispatchEvent(new CustomEvent("corner", { detail: marker.getLatLng() })));
    marker.on("mouseout", () => this.dispatchEvent(new CustomEvent("corner", { detail: null })));
  }

  /** Read back what Geoman changed. The layers stay as they are: redrawing them under its hands would lose handles. */
  #take(name) {
    this.added = false;
    const polygons = this.ink.polygons.map((layer) => model.ringsOf(layer));
    const cuts = this.ink.cuts.map((layer) => model.lineOf(layer));
    this.state = { ...this.state, polygons, cuts };
    const kept = this.history.push(name, this.state);
    this.ink.refresh(this.state);
    if (kept) this.dispatchEvent(new CustomEvent("change", { detail: { step: name } }));
  }

  #remove(kind, index, latlng) {
    if (kind === "cut") {
      this.#commit(gettext("Delete a line"), { ...this.state, cuts: this.state.cuts.filter((_, i) => i !== index) });
      this.#offerUndo(gettext("The line was deleted."));
      return;
    }
    this.removePolygon(index, latlng);
  }

  removeHole(index, hole) {
    const polygons = this.state.polygons.map((rings, i) => (i === index ? rings.filter((_, j) => j !== hole) : rings));
    this.#commit(gettext("Fill a hole"), { ...this.state, polygons });
  }

  /** Remove the corner at [lon, lat]; a ring keeps at least three. */
  removeCorner(at) {
    const state = model.withoutCorner(this.state, at);
    if (state) this.#commit(gettext("Delete a corner"), state);
    else toast(gettext("An area needs at least three corners. Delete the whole area instead."));
  }

  /** Move the corner at *from* to *to* ([lon, lat]); used by the corner table. */
  moveCorner(from, to) { this.#commit(gettext("Move a corner"), model.withCornerMoved(this.state, from, to)); }

  // --- pointer, menus, keys --------------------------------------------------------------------------------------------

  #moving() { this.dispatchEvent(new Event("moving")); }

  #pointerMoved({ latlng }) {
    if (!this.drawing || !this.working?._map) return;
    const hint = this.map.pm.Draw[DRAWING[this.tool]]._hintMarker?.getLatLng() || latlng;
    this.#tagWhileDrawing(hint, -1);
  }

  #tagWhileDrawing(latlng, from) {
    const points = this.working.getLatLngs().flat();
    const last = points.at(from);
    if (last) this.tag.sides(latlng, [[[last.lng, last.lat], [latlng.lng, latlng.lat]]], points.length > 1 && DRAWING[this.tool] === "Polygon" ? [...points, latlng].map((p) => [p.lng, p.lat]) : null);
  }

  #markerDragged(layer, { indexPath, markerEvent }) {
    this.#moving();
    let points = layer.getLatLngs();
    for (const step of indexPath.slice(0, -1)) points = points[step];
    const i = indexPath.at(-1);
    const here = markerEvent.target.getLatLng();
    const pair = (p) => [p.lng, p.lat];
    const closed = layer instanceof L.Polygon;
    const before = closed ? points.at(i - 1) : points[i - 1];
    const after = closed ? points[(i + 1) % points.length] : points[i + 1];
    this.tag.sides(here, [before, after].filter(Boolean).map((p) => [pair(p), pair(here)]));
    this.ink.retag(this.ink.polygons.map((one) => model.ringsOf(one)));
  }

  #vertexMenu(event, kind, index, marker) {
    const at = [marker.getLatLng().lng, marker.getLatLng().lat];
    if (marker.leftM) return; // a middle handle is no corner yet
    openMenu(event.originalEvent, [
      { icon: "minus", text: gettext("Delete the corner"), run: () => this.removeCorner(model.nearestCorner(this.state, at)) },
      { icon: "coordinates", text: gettext("Show in the corner table"), run: () => this.dispatchEvent(new CustomEvent("show-corner", { detail: at })) },
    ]);
  }

  #cornerKey(event, marker) {
    if (marker.leftM) return;
    const at = model.nearestCorner(this.state, [marker.getLatLng().lng, marker.getLatLng().lat]);
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way && event.key !== "Delete") return;
    event.preventDefault();
    event.stopPropagation();
    if (!way) { this.removeCorner(at); return; }
    const [kx, ky] = geo.scaleAt(at[1]);
    const step = event.shiftKey ? 10 : 1;
    const to = [at[0] + (way[0] * step) / kx, at[1] + (way[1] * step) / ky].map((v) => Math.round(v * 1e9) / 1e9);
    this.moveCorner(at, to);
    const moved = this.ink.polygons.flatMap((layer) => layer.pm._markers.flat(3)).find((one) => Math.abs(one.getLatLng().lng - to[0]) < 2e-9 && Math.abs(one.getLatLng().lat - to[1]) < 2e-9);
    moved?.getElement()?.focus();
  }

  #shapeMenu(event, kind, index) {
    const at = [event.latlng.lng, event.latlng.lat];
    const items = [];
    if (kind === "cut") items.push({ icon: "trash", text: gettext("Delete the line"), run: () => this.#remove("cut", index) });
    else {
      const side = nearestSide(this.map, this.state.polygons[index], at);
      if (side) items.push({ icon: "plus", text: gettext("Add a corner here"), run: () => this.#insert(index, side) });
      items.push({ icon: "hole", text: gettext("Cut a hole"), run: () => this.use("hole") });
      items.push({ icon: "split", text: gettext("Split by a line"), run: () => this.use("split") });
      this.state.polygons[index].slice(1).forEach((_, hole) => items.push({ icon: "merge", text: interpolate(gettext("Fill hole %s"), [hole + 1]), run: () => this.removeHole(index, hole + 1) }));
      items.push({ icon: "trash", text: gettext("Delete the area"), run: () => this.removePolygon(index) });
    }
    openMenu(event.originalEvent, items);
  }

  #insert(index, side) {
    const state = model.copy(this.state);
    state.polygons[index][side.r].splice(side.i + 1, 0, side.at);
    this.#commit(gettext("Add a corner"), state);
  }

  #mapMenu(event) {
    if (this.drawing || !this.editable) return;
    openMenu(event.originalEvent, [
      { icon: "polygon", text: gettext("Draw an area"), run: () => this.use("polygon") },
      { icon: "measure", text: gettext("Measure"), run: () => this.use("measure") },
      { icon: "coordinates", text: gettext("Enter coordinates"), run: () => this.dispatchEvent(new Event("coordinates")) },
      this.state.polygons.length ? { icon: "zoom", text: gettext("Show the whole boundary"), run: () => this.fit() } : null,
    ]);
  }

  #key(event) {
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    const letter = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (letter === "z" || letter === "y")) {
      event.preventDefault();
      if (letter === "y" || event.shiftKey) this.redo(); else this.undo();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.tool !== "select") { this.use("select"); return; }
    if (this.drawing && event.key === "Enter" && !event.target.closest?.("button, a")) { event.preventDefault(); this.finish(); return; }
    if (this.drawing && event.key === "Backspace") { event.preventDefault(); this.#dropVertex(); }
  }
}


// How do the parts of the drawing board play together? Map, editor, check, panels, autosave; this file only connects them.
/* global L, htmx */
import { createMap, toLatLng } from "datnghe/map/basemap.js";
import { addLegend, PLAN_LAYERS } from "datnghe/map/legend.js";
import { el, icon, jsonData } from "datnghe/shell/dom.js";
import { ha, m2AsHa } from "datnghe/shell/number.js";
import { sendJson } from "datnghe/shell/http.js";
import { toast, toastProblem } from "datnghe/shell/toast.js";
import { openDialog } from "datnghe/shell/dialog.js";
import { setSheet } from "datnghe/shell/panel.js";
import { Autosave } from "datnghe/draw/autosave.js";
import { LiveCheck } from "datnghe/draw/check.js";
import { askConflict, drawing } from "datnghe/draw/conflict.js";
import { CornersPanel } from "datnghe/draw/corners.js";
import { startPasting } from "datnghe/draw/corner_dialog.js";
import { Editor, roomAround } from "datnghe/draw/editor.js";
import { boxOf } from "datnghe/draw/geo.js";
import { fromServer, payload, polygonsOf, zoneOf } from "datnghe/draw/model.js";
import { PartsPanel } from "datnghe/draw/parts.js";
import { showPins } from "datnghe/draw/pins.js";
import { ReportPanel } from "datnghe/draw/report.js";
import { startSnapping } from "datnghe/draw/snap.js";
import { startTabs } from "datnghe/draw/tabs.js";
import { startTools } from "datnghe/draw/tools.js";
import { WaysOut } from "datnghe/draw/ways_out.js";

const board = jsonData("board");
const context = () => (board.code ? { proposal: board.code } : { kind: board.kind });
const start = fromServer(board.drawn);
const box = boxOf(zoneOf(start)) || board.view;
const { map, settings, basemap } = await createMap(document.getElementById("map"), { fit: box ? L.latLngBounds(toLatLng(box)) : null, room: roomAround, inset: false });
L.PM.setOptIn(true); // from here on Geoman touches only layers that say so; the map itself had to be made before
addLegend(map, settings, { on: PLAN_LAYERS, severities: true, basemap });
startSnapping(map);

/** Ask the server for an exact area operation; null when it was refused (the person was told). */
async function combine(op, state, extra) {
  const body = { op, ...payload(state), ...context(), ...(extra ? { shape: extra } : {}) };
  try {
    const answer = await sendJson(board.combine_url, body);
    return { answer, state: { ...state, polygons: polygonsOf(answer.zone) } };
  } catch (problem) {
    if (problem.code === "REPAIR_AMBIGUOUS" && problem.body.readings) return askReading(problem.body.readings, state);
    toastProblem(problem);
    return null;
  }
}

const editor = new Editor(map, start, {
  editable: board.editable,
  combine: async (op, state, shape) => (await combine(op, state, shape))?.state || null,
});
const ways = new WaysOut(map, board.ways_url, () => ({ ...payload(editor.state), ...context() }));
const report = new ReportPanel(document.querySelector("[data-report]"), map, { editable: board.editable, ways, disputeUrl: board.dispute_url });
const parts = new PartsPanel(document.querySelector("[data-parts]"), map, board.land_uses, board.editable);
const corners = new CornersPanel(document.querySelector("[data-corners]"), board.corners_url, board.editable, context);
const check = new LiveCheck(board.check_url, context);
const showTab = startTabs(document.querySelector("[data-tabs]"), (name) => { if (name === "toa-do") corners.shown(); });
const paste = startPasting(map, board.corners_url, context, (polygons, add) => {
  editor.replace(gettext("Enter coordinates"), { ...editor.state, polygons: add ? [...editor.state.polygons, ...polygons] : polygons, ...(add ? {} : { cuts: [], uses: [] }) }, { fit: true });
});
showPins(map, board.pins || [], (number) => {
  showTab("ho-so");
  document.getElementById("gop-y").open = true;
  const thread = document.querySelector(`[data-thread="${number}"]`);
  thread?.scrollIntoView({ block: "center" });
  thread?.querySelector("textarea")?.focus();
});
startTools(editor, { coordinates: paste, fit: () => editor.fit() });

// --- editor → check, panels, autosave --------------------------------------------------------------------------------------
const changed = () => { check.changed(editor.state); corners.changed(editor.state); autosave?.changed(editor.state); };
editor.addEventListener("change", changed);
editor.addEventListener("moving", () => check.stale());
editor.addEventListener("coordinates", paste);
editor.addEventListener("corner", ({ detail }) => corners.point(detail));
editor.addEventListener("show-corner", ({ detail }) => { showTab("toa-do"); setSheet("middle"); setTimeout(() => corners.focus(detail), 700); });

check.addEventListener("stale", () => { report.stale(); parts.stale(); });
check.addEventListener("asking", () => report.asking());
check.addEventListener("empty", () => { report.empty(); parts.show(null); });
check.addEventListener("problem", ({ detail }) => { report.problem(detail, editor.crossings()); keepState(false, gettext("The boundary cannot be checked as it is.")); });
check.addEventListener("report", ({ detail }) => {
  report.show(detail);
  parts.show(detail);
  editor.ink.measure(detail.area_ha, detail.size);
  keepState(true);
});

// --- panels → editor -------------------------------------------------------------------------------------------------------
for (const panel of [report, parts]) panel.addEventListener("want", ({ detail }) => { if (detail === "coordinates") paste(); else { editor.use(detail); setSheet("low"); } });
report.addEventListener("repair", async () => {
  const mended = await combine("repair", editor.state);
  if (!mended) return;
  editor.replace(gettext("Repair the boundary"), mended.state);
  for (const notice of mended.answer?.notices || []) toast(notice.message);
});
ways.addEventListener("take", ({ detail: { way, title } }) => {
  const before = report.report?.area_m2;
  editor.replace(`${way.title}: ${title}`, { ...editor.state, polygons: polygonsOf(way.zone) });
  const said = interpolate(gettext("%(lost)s cut out: %(before)s → %(after)s."), { lost: m2AsHa(way.lost_m2), before: m2AsHa(before), after: m2AsHa(way.area_m2) }, true);
  const below = way.size.ok === false && way.size.min_ha !== null && way.area_m2 / 10000 < way.size.min_ha;
  toast(below ? `${said} ${interpolate(gettext("That is below the minimum of %s."), [ha(way.size.min_ha, 0)])}` : said, { action: { label: gettext("Undo"), run: () => editor.undo() }, stay: below });
  document.querySelector("[data-report]").focus();
});
parts.addEventListener("use", ({ detail: { part, use } }) => {
  const kept = parts.parts.filter((one) => one.number !== part.number && one.use !== "unassigned").map((one) => ({ at: one.at, use: one.use }));
  editor.setUses([...kept, ...(use === "unassigned" ? [] : [{ at: part.at, use }])], gettext("Give a part a use"));
});
parts.addEventListener("drop", async ({ detail: part }) => {
  const cut = await combine("remove", editor.state, part.geometry);
  if (cut) editor.replace(interpolate(gettext("Take part %s out"), [part.number]), cut.state);
});
corners.addEventListener("paste", paste);
corners.addEventListener("mark", ({ detail }) => editor.highlight(detail));
corners.addEventListener("move", ({ detail }) => editor.moveCorner(detail.from, detail.to));
corners.addEventListener("remove", ({ detail }) => editor.removeCorner(detail));

function askReading(readings, state) {
  const dialog = openDialog("ambiguous-repair");
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(null);
    dialog.querySelector("[data-readings]").replaceChildren(...readings.map((zone) => el("button", { type: "button", class: "card card-link", onclick: () => { dialog.onclose = null; dialog.close(); resolve({ answer: { notices: [] }, state: { ...state, polygons: polygonsOf(zone) } }); } }, drawing([[zone, "#0e5a66"]], [boxOf(zone)]))));
  });
}

// --- the draft -------------------------------------------------------------------------------------------------------------
const autosave = board.mode === "proposal" && board.editable ? new Autosave(board.draft_url, board.code, board.row_version, start) : null;
const saved = document.querySelector("[data-saved]");
if (autosave) {
  autosave.savedAt = board.saved_at;
  const words = {
    saved: () => [icon("check", "icon-s"), autosave.savedAt ? interpolate(gettext("Saved %s"), [time(autosave.savedAt)]) : gettext("Nothing to save yet")],
    waiting: () => [icon("edit", "icon-s"), gettext("Changed, not saved yet")],
    saving: () => [icon("save", "icon-s"), gettext("Saving…")],
    offline: () => [icon("offline", "icon-s"), interpolate(ngettext("Offline – %s change kept", "Offline – %s changes kept", autosave.changes), [autosave.changes])],
    conflict: () => [icon("warning", "icon-s"), gettext("Not saved: somebody else changed the draft")],
    refused: () => [icon("warning", "icon-s"), `${gettext("Not saved:")} ${autosave.problem.message}`],
  };
  autosave.addEventListener("status", ({ detail }) => { saved.dataset.status = detail; saved.replaceChildren(...words[detail]()); });
  saved.replaceChildren(...words.saved());
  autosave.addEventListener("conflict", ({ detail }) => settleConflict(detail));
  restore();
  window.addEventListener("beforeunload", () => autosave.save());
}

function time(iso) {
  const zone = { timeZone: "Asia/Ho_Chi_Minh" }; // the administration's clock, wherever the browser is
  const day = (at) => at.toLocaleDateString("en-GB", zone);
  const at = new Date(iso);
  const hour = at.toLocaleTimeString("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });
  return day(at) === day(new Date()) ? hour : `${hour} ${day(at)}`;
}

function restore() {
  const kept = autosave.remembered();
  if (!kept) return;
  if (kept.rowVersion !== autosave.rowVersion) {
    settleConflict({ message: gettext("This browser still holds changes from a lost connection, and the draft was changed meanwhile."), theirs_state: board.drawn, row_version: board.row_version, saved_by: gettext("On the server") }, kept.state);
    return;
  }
  editor.replace(gettext("Changes kept while offline"), kept.state);
  autosave.changed(editor.state);
  toast(gettext("Changes kept in this browser while offline were taken over."));
}

async function settleConflict(conflict, mine = editor.state) {
  autosave.paused = true;
  const [choice, theirs] = await askConflict(conflict, mine);
  if (choice === "theirs") editor.replace(gettext("Take the other person's boundary"), theirs, { fit: true });
  if (choice !== "theirs") editor.replace(gettext("Keep my boundary"), mine);
  if (choice === "both") showOther(theirs);
  autosave.settle(conflict.row_version, theirs, editor.state);
}

// the other person's boundary stays on the map as a dashed line that corners snap to
function showOther(theirs) {
  const zone = zoneOf(theirs);
  if (!zone) return;
  const ghost = L.geoJSON(zone, { interactive: false, style: { color: "#b3005e", weight: 3, dashArray: "8 6", fillOpacity: 0.05, interactive: false } }).addTo(map);
  ghost.eachLayer((layer) => Object.assign(layer.options, { pmIgnore: true, snapIgnore: false, snapLabel: gettext("the other boundary") }));
  toast(gettext("The other boundary is shown as a dashed line; corners snap to it."), { action: { label: gettext("Remove"), run: () => ghost.remove() }, stay: true });
}

// --- keeping a version -----------------------------------------------------------------------------------------------------
const keep = document.querySelector("[data-keep]");
function keepState(ok, why = "") {
  if (!keep) return;
  keep.disabled = !ok || !zoneOf(editor.state);
  document.querySelector("[data-keep-why]").textContent = ok ? "" : why;
}
keep?.addEventListener("click", () => openDialog("keep-version"));
document.querySelector("[data-keep-now]")?.addEventListener("click", async ({ currentTarget: button }) => {
  const dialog = document.getElementById("keep-version");
  const problemAt = dialog.querySelector("[data-keep-problem]");
  problemAt.replaceChildren();
  button.classList.add("is-busy");
  try {
    await autosave.save();
    const kept = await sendJson(board.versions_url, { reason: dialog.querySelector("[data-keep-reason]").value, row_version: autosave.rowVersion });
    const state = fromServer(kept);
    Object.assign(autosave, { rowVersion: kept.row_version, savedAt: kept.saved_at, saved: state });
    editor.replace(gettext("Keep a version"), state);
    dialog.close();
    dialog.querySelector("[data-keep-reason]").value = "";
    toast(interpolate(gettext("Version %(n)s was kept: %(area)s."), { n: kept.number, area: m2AsHa(kept.area_m2) }, true));
    for (const [url, target] of [[board.versions_url, "#part-versions"], [board.dossier_url, "#part-dossier"]]) await htmx.ajax("GET", url, { target, swap: "innerHTML" });
  } catch (problem) {
    problemAt.replaceChildren(el("div", { class: "notice notice-bad" }, icon("warning"), el("div", {}, el("strong", {}, problem.message), problem.todo ? el("p", {}, problem.todo) : null)));
  } finally { button.classList.remove("is-busy"); }
});
// the tab's number follows the parts that htmx exchanges: unanswered comments first, else missing papers
document.body.addEventListener("htmx:afterSettle", () => {
  const count = document.querySelector("#tabber-ho-so .count");
  if (!count) return;
  const [comments, papers] = ["#count-comments", "#count-dossier"].map((at) => (/\d+/.exec(document.querySelector(at)?.textContent || "") || [""])[0]);
  count.textContent = comments || papers;
  count.hidden = !(comments || papers);
  count.classList.toggle("count-quiet", !comments);
});
document.body.addEventListener("details-saved", () => check.changed(editor.state));

for (const row of document.querySelectorAll("[data-help-draw]")) row.hidden = false;
changed();
if (location.hash === "#toa-do" && board.editable && !zoneOf(start)) paste();
document.documentElement.dataset.board = "ready";

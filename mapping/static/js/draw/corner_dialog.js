// What does a corner table mean, pasted or typed? The dialog that says what was understood, where it lands, and hands it over.
import { debounce, el, icon } from "datnghe/shell/dom.js";
import { m2AsHa, number } from "datnghe/shell/number.js";
import { sendJson } from "datnghe/shell/http.js";
import { openDialog } from "datnghe/shell/dialog.js";
import { polygonsOf } from "datnghe/draw/model.js";
import { boxOf } from "datnghe/draw/geo.js";
import { readNumber } from "datnghe/draw/corners.js";
import { sketch } from "datnghe/draw/corner_sketch.js";
import { CornerTyping } from "datnghe/draw/corner_typing.js";

const GHOST = { interactive: false, pmIgnore: true, snapIgnore: true };
const ROWS_SHOWN = 400;
const REMARKS_SHOWN = 30;

export function startPasting(map, url, context, use) {
  const dialog = document.getElementById("paste-corners");
  const text = dialog.querySelector("[data-corner-text]");
  const answer = dialog.querySelector("[data-corner-answer]");
  const [useButton, addButton] = [dialog.querySelector("[data-corner-use]"), dialog.querySelector("[data-corner-add]")];
  const typing = new CornerTyping(dialog.querySelector("[data-corner-rows]"), dialog.querySelector("[data-corner-area]"));
  const ghosts = L.layerGroup().addTo(map);
  let [mode, chosen, asked] = ["paste", null, ""];
  const choose = (candidate) => { chosen = candidate; useButton.disabled = addButton.disabled = !candidate; };

  const read = debounce(350, async () => {
    const said = mode === "paste" ? text.value : typing.text();
    asked = said;
    choose(null);
    ghosts.clearLayers();
    if (!said.trim()) { answer.replaceChildren(); return; }
    if (mode === "type" && typing.count() < 3) { answer.replaceChildren(el("p", { class: "help" }, gettext("Three corners make an area.")), typedSketch(said)); return; }
    try {
      const found = await sendJson(url, { text: said, ...context() });
      if (asked === said) show(found);
    } catch (problem) {
      if (asked !== said) return;
      answer.replaceChildren(el("div", { class: "notice notice-bad", role: "alert" }, icon("warning"), el("div", {}, el("strong", {}, problem.message), problem.where ? el("p", {}, problem.where) : null, problem.todo ? el("p", {}, problem.todo) : null)), remarks(problem.body?.remarks || []));
    }
  });

  const show = (found) => {
    const [best, ...others] = found.candidates;
    const radio = (one, checked) => el("label", { class: "check" }, el("input", { type: "radio", name: "meridian", checked, onchange: () => { choose(one); preview(found.candidates, one); } }),
      el("span", {}, el("b", {}, one.label), " · ", m2AsHa(one.area_m2), ...(one.stated ? [" ", el("span", { class: "chip" }, gettext("stated in the table"))] : []), el("br"), el("span", { class: "list-meta" }, landing(one), one.accuracy ? ` · ${one.accuracy}` : "")));
    answer.replaceChildren(
      el("p", {}, icon("check", "icon-s"), " ", understood(found)),
      found.hint ? el("div", { class: "notice notice-warn" }, icon("warning"), el("div", {}, found.hint)) : "",
      el("fieldset", { class: "field" }, el("legend", {}, gettext("Coordinate system")), radio(best, true), others.length ? el("details", { open: best.lands === "outside" }, el("summary", { class: "small" }, interpolate(ngettext("%s other reading", "%s other readings", others.length), [others.length])), others.map((one) => radio(one, false))) : null),
      remarks(found.remarks),
      el("div", { class: "corner-read" }, sketch(found.blocks, gettext("Sketch of the corners"), new Set(found.remarks.filter((one) => WORTH.has(one.code)).map((one) => one.line))), rowsTable(found)));
    choose(best);
    preview(found.candidates, best);
  };

  const preview = (candidates, best) => {
    ghosts.clearLayers();
    for (const one of candidates) L.geoJSON(one.zone, { ...GHOST, style: { color: one === best ? "#b3005e" : "#585c61", weight: one === best ? 3 : 1.5, dashArray: "6 4", fillOpacity: one === best ? 0.1 : 0, ...GHOST } }).addTo(ghosts);
    const box = boxOf(best.zone);
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [80, 80], maxZoom: 16 });
  };

  // --- row ↔ corner: everything that bears data-line lights up together ---------------------------------------------------
  const light = (line, { scroll = false } = {}) => {
    for (const node of dialog.querySelectorAll("[data-line]")) {
      const on = node.dataset.line === line;
      node.classList.toggle("is-selected", on);
      if (on && scroll && node.tagName === "TR") node.scrollIntoView({ block: "nearest" });
    }
  };
  const lineOf = (event) => event.target.closest?.("[data-line]")?.dataset.line;
  dialog.addEventListener("pointerover", (event) => { const line = lineOf(event); if (line) light(line, { scroll: event.target.tagName === "circle" }); });
  dialog.addEventListener("focusin", (event) => { const line = lineOf(event); if (line) light(line); });
  dialog.addEventListener("click", (event) => {
    const line = lineOf(event);
    if (!line || event.target.closest("input, button")) return;
    light(line, { scroll: true });
    if (mode === "paste") selectLine(text, Number(line));
    else dialog.querySelector(`[data-corner-rows] tr[data-line="${line}"] [data-axis=x]`)?.focus();
  });

  // --- paste or type -------------------------------------------------------------------------------------------------------
  const tabs = [...dialog.querySelectorAll("[data-mode]")];
  const turnTo = (name) => {
    mode = name;
    for (const tab of tabs) {
      const on = tab.dataset.mode === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
    }
    read();
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => { turnTo(tab.dataset.mode); if (mode === "type") typing.focus(); else text.focus(); });
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const other = tabs[(tabs.indexOf(tab) + 1) % tabs.length];
      turnTo(other.dataset.mode);
      other.focus();
    });
  }
  text.addEventListener("input", read);
  typing.addEventListener("change", read);
  dialog.addEventListener("close", () => ghosts.clearLayers());
  const finish = (add) => {
    if (!chosen) return;
    const polygons = polygonsOf(chosen.zone);
    text.value = "";
    typing.clear();
    answer.replaceChildren();
    dialog.close();
    use(polygons, add);
    choose(null);
  };
  useButton.addEventListener("click", () => finish(false));
  addButton.addEventListener("click", () => finish(true));
  return () => { openDialog("paste-corners"); read(); if (mode === "type") typing.focus(); else text.focus(); };
}

const WORTH = new Set(["ROW_TURNED", "CORNER_TWICE", "SIDE_DIFFERS", "SIDES_CROSS", "NOT_CLOSED"]);

function understood(found) {
  const said = [interpolate(ngettext("%s corner", "%s corners", found.corners), [found.corners])];
  if (found.blocks.length > 1) said.push(interpolate(gettext("%s areas"), [found.blocks.length]));
  if (found.swapped) said.push(gettext("columns swapped: Y stands before X, they were turned"));
  if (found.degrees) said.push(gettext("read as degrees"));
  return said.join(" · ");
}

function rowsTable(found) {
  const marked = new Map(found.remarks.map((one) => [one.line, one]));
  const places = found.degrees ? 7 : 2;
  const side = (row) => (row.side === null ? "" : number(row.side, 2));
  const bodies = found.blocks.map((block) => el("tbody", {}, found.blocks.length > 1 ? el("tr", {}, el("th", { colspan: 4, scope: "rowgroup" }, block.title || "–", block.hole ? ` (${gettext("left out")})` : "")) : null,
    block.rows.slice(0, ROWS_SHOWN).map((row) => el("tr", { "data-line": row.line, tabindex: "0" }, el("th", { scope: "row" }, row.name, WORTH.has(marked.get(row.line)?.code) ? icon("warning", "icon-s") : null), el("td", { class: "num" }, number(row.x, places)), el("td", { class: "num" }, number(row.y, places)), el("td", { class: "num" }, side(row))))));
  const head = [gettext("Point"), found.degrees ? gettext("Latitude") : "X", found.degrees ? gettext("Longitude") : "Y", gettext("Side (m)")];
  return el("div", { class: "table-wrap" }, el("table", { class: "table table-tight corner-table" }, el("caption", { class: "visually-hidden" }, gettext("Corners as read")), el("thead", {}, el("tr", {}, head.map((name, i) => el("th", { scope: "col", class: i ? "num" : null }, name)))), bodies));
}

/** What is typed so far, before the server can make an area of it. */
function typedSketch(said) {
  const rows = said.split("\n").map((line, i) => [line.split("\t"), i + 1]).filter(([cells]) => cells.length > 2)
    .map(([[name, x, y], line]) => ({ name, line, x: readNumber(x), y: readNumber(y) })).filter((row) => row.x !== null && row.y !== null);
  return rows.length ? sketch([{ rows }], gettext("Sketch of the corners")) : "";
}

function selectLine(area, line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] || "").length);
}

function landing(one) {
  if (one.lands === "unit") return interpolate(gettext("lands in %s, the unit of the proposal"), [one.place]);
  if (one.lands === "province") return interpolate(gettext("lands in %s"), [one.place]);
  return gettext("lands outside the province");
}

function remarks(list) {
  if (!list.length) return "";
  return el("ul", { class: "corner-remarks small" }, list.slice(0, REMARKS_SHOWN).map((one) => el("li", { class: one.bad ? "is-bad" : "", "data-line": one.line }, icon(one.bad ? "warning" : "info", "icon-s"), el("span", {}, interpolate(gettext("Row %(line)s: %(text)s"), one, true)))),
    list.length > REMARKS_SHOWN ? el("li", {}, interpolate(gettext("and %s more"), [list.length - REMARKS_SHOWN])) : null);
}

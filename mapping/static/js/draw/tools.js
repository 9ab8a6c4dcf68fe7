// Which tool is in the hand? The toolbar, the hint at the map's foot, and the big buttons for fingers while drawing.

const HINTS = () => ({
  select: gettext("Drag a corner to move it · drag a middle handle to add one · right click for more"),
  polygon: gettext("Click to add a corner · Backspace removes the last · Enter closes · Esc cancels · hold Alt to stop snapping"),
  hole: gettext("Click round the hole · Enter closes · Esc cancels"),
  split: gettext("Click a line across the boundary · double click or Enter ends it · Esc cancels"),
  merge: gettext("Draw the area to add · Enter closes · Esc cancels"),
  subtract: gettext("Draw the area to take out · Enter closes · Esc cancels"),
  measure: gettext("Click along the distance · double click or Enter ends it · Esc cancels"),
  delete: gettext("Click an area or a line to delete it · Esc ends"),
});

export function startTools(editor, actions) {
  const bar = document.querySelector("[data-tools]");
  const hint = document.querySelector("[data-hint]");
  const finish = document.querySelector("[data-finish]");
  const undo = bar.querySelector("[data-undo]");
  const redo = bar.querySelector("[data-redo]");
  const tools = [...bar.querySelectorAll("[data-tool]")];

  const refresh = () => {
    for (const button of tools) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === editor.tool));
      const needsZone = ["hole", "split", "subtract", "delete"].includes(button.dataset.tool);
      button.disabled = (!editor.editable && !["select", "measure"].includes(button.dataset.tool)) || (needsZone && !editor.state.polygons.length);
    }
    const text = HINTS()[editor.tool];
    hint.textContent = editor.tool === "select" && (!editor.editable || !editor.state.polygons.length) ? "" : text;
    finish.hidden = !editor.drawing;
    document.body.classList.toggle("is-drawing", editor.drawing);
    step(undo, gettext("Undo"), editor.history.undoName, "Ctrl+Z", editor.history.undoName || editor.drawing);
    step(redo, gettext("Redo"), editor.history.redoName, "Ctrl+Y", editor.history.redoName || editor.drawing);
    bar.querySelector("[data-action=coordinates]").disabled = !editor.editable;
  };
  const step = (button, word, name, keys, on) => {
    button.disabled = !on || !editor.editable;
    const label = name ? `${word}: ${name}` : word;
    button.title = `${label} (${keys})`;
    button.setAttribute("aria-label", label);
  };

  for (const button of tools) button.addEventListener("click", () => editor.use(editor.tool === button.dataset.tool ? "select" : button.dataset.tool));
  undo.addEventListener("click", () => editor.undo());
  redo.addEventListener("click", () => editor.redo());
  for (const button of bar.querySelectorAll("[data-action]")) button.addEventListener("click", () => actions[button.dataset.action]());
  finish.querySelector("[data-close-shape]").addEventListener("click", () => editor.finish());
  finish.querySelector("[data-drop-vertex]").addEventListener("click", () => editor.undo());
  finish.querySelector("[data-cancel-shape]").addEventListener("click", () => editor.use("select"));
  for (const place of [bar, finish]) L.DomEvent.disableClickPropagation(place);
  bar.addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const all = [...bar.querySelectorAll("button:not(:disabled)")];
    all[(all.indexOf(document.activeElement) + way + all.length) % all.length].focus();
  });
  editor.addEventListener("tool", refresh);
  editor.addEventListener("change", refresh);
  refresh();
}

// How wide is the panel, or how high the sheet? Fold and resize on wide screens, three heights on narrow ones; remembered here.

const WIDTH_KEY = "datnghe.panel";
const HEIGHTS = ["low", "middle", "high"];

export function startPanel() {
  const panel = document.getElementById("panel");
  if (!panel || !document.body.classList.contains("layout-map")) return;
  fold(panel);
  resize(panel);
  sheet(panel);
}

/** Set the sheet's height on narrow screens: "low", "middle" or "high". */
export function setSheet(height) {
  document.body.dataset.sheet = height;
  moved();
}

// Leaflet must measure itself again
function moved() {
  setTimeout(() => window.dispatchEvent(new Event("resize")), 200);
}

function fold(panel) {
  const button = panel.querySelector("[data-panel-fold]");
  button?.addEventListener("click", () => {
    const folded = document.body.classList.toggle("panel-folded");
    button.setAttribute("aria-expanded", String(!folded));
    const label = folded ? gettext("Unfold the panel") : gettext("Fold the panel");
    button.title = label;
    button.querySelector(".visually-hidden").textContent = label;
    moved();
  });
}

function resize(panel) {
  const grip = panel.querySelector("[data-panel-size]");
  if (!grip) return;
  const set = (width) => {
    const kept = Math.round(Math.min(720, Math.max(320, width)));
    document.documentElement.style.setProperty("--panel-width", `${kept}px`);
    grip.setAttribute("aria-valuenow", String(kept));
    localStorage.setItem(WIDTH_KEY, String(kept));
    moved();
  };
  const remembered = Number(localStorage.getItem(WIDTH_KEY));
  if (remembered) set(remembered);
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    const move = (step) => set(step.clientX - panel.getBoundingClientRect().left);
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", () => grip.removeEventListener("pointermove", move), { once: true });
  });
  grip.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -24, ArrowRight: 24 }[event.key];
    if (step) set(panel.offsetWidth + step);
  });
}

function sheet(panel) {
  const handle = panel.querySelector("[data-sheet-handle]");
  if (!handle) return;
  let start = null;
  handle.addEventListener("click", () => {
    const now = document.body.dataset.sheet || "middle";
    setSheet(HEIGHTS[(HEIGHTS.indexOf(now) + 1) % HEIGHTS.length]);
  });
  handle.addEventListener("pointerdown", (event) => { start = event.clientY; handle.setPointerCapture(event.pointerId); });
  handle.addEventListener("pointerup", (event) => {
    const way = event.clientY - start;
    if (start === null || Math.abs(way) < 24) return;
    const now = HEIGHTS.indexOf(document.body.dataset.sheet || "middle");
    setSheet(HEIGHTS[Math.min(2, Math.max(0, now + (way < 0 ? 1 : -1)))]);
    handle.addEventListener("click", (click) => click.stopImmediatePropagation(), { once: true, capture: true });
    start = null;
  });
}

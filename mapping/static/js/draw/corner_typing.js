// How are corners typed row by row? Inputs that grow by themselves; what they hold is the same text that could be pasted.
import { el, icon } from "datnghe/shell/dom.js";

/** The table of inputs; fires "change". Lines of `text()` are the filled rows, whose nodes bear data-line. */
export class CornerTyping extends EventTarget {
  constructor(body, another) {
    super();
    this.body = body;
    this.clear();
    body.addEventListener("input", () => this.#changed());
    body.addEventListener("keydown", (event) => this.#key(event));
    body.addEventListener("paste", (event) => this.#pasted(event));
    another.addEventListener("click", () => { this.#area(); this.#changed(); });
  }

  clear() { this.body.replaceChildren(); this.#row(); }

  focus() { (this.#empty()?.querySelector("[data-axis=x]") || this.body.querySelector("input"))?.focus(); }

  /** The rows as text, one line per filled row; numbers the rows. */
  text() {
    const lines = [];
    for (const row of this.body.rows) {
      delete row.dataset.line;
      const line = row.dataset.area !== undefined ? this.#value(row, "title") || interpolate(gettext("Area %s"), ["…"]) : this.#corner(row);
      if (line === null) continue;
      row.dataset.line = lines.push(line);
    }
    return lines.join("\n");
  }

  /** How many corners are complete. */
  count() { return [...this.body.rows].filter((row) => this.#value(row, "x") && this.#value(row, "y")).length; }

  #corner(row) {
    const [x, y] = [this.#value(row, "x"), this.#value(row, "y")];
    return x && y ? [this.#value(row, "name") || String(this.#number(row)), x, y].join("\t") : null;
  }

  #value(row, axis) { return row.querySelector(`[data-axis=${axis}]`)?.value.trim() || ""; }

  #number(row) { return [...this.body.rows].filter((one) => one.dataset.area === undefined).indexOf(row) + 1; }

  #empty() { return [...this.body.rows].find((row) => row.dataset.area === undefined && !this.#value(row, "x") && !this.#value(row, "y")); }

  #input(axis, label, extra = {}) { return el("input", { class: "corner-input", "data-axis": axis, "aria-label": label, autocomplete: "off", ...extra }); }

  #remove(row) {
    return el("button", { type: "button", class: "button button-quiet button-icon", "aria-label": gettext("Remove the row"), onclick: () => { const next = row.nextElementSibling || row.previousElementSibling; row.remove(); if (!this.#empty()) this.#row(); (next || this.body.rows[0])?.querySelector("input")?.focus(); this.#changed(); } }, icon("close", "icon-s"));
  }

  #row(cells = {}) {
    const number = [...this.body.rows].filter((one) => one.dataset.area === undefined).length + 1;
    const row = el("tr");
    const name = this.#input("name", interpolate(gettext("Name of corner %s"), [number]), { class: "corner-input corner-name", placeholder: number, value: cells.name });
    const numeric = (axis) => this.#input(axis, `${axis.toUpperCase()} ${number}`, { inputmode: "decimal", value: cells[axis] });
    row.append(el("td", {}, name), el("td", {}, numeric("x")), el("td", {}, numeric("y")), el("td", {}, this.#remove(row)));
    this.body.append(row);
    return row;
  }

  #area() {
    const empty = this.#empty();
    if (empty) empty.remove();
    const row = el("tr", { "data-area": "" });
    const letter = String.fromCharCode(66 + [...this.body.rows].filter((one) => one.dataset.area !== undefined).length);
    row.append(el("td", { colspan: 3 }, this.#input("title", gettext("Name of the area"), { class: "corner-input corner-name", value: interpolate(gettext("Area %s"), [letter]) })), el("td", {}, this.#remove(row)));
    this.body.append(row);
    this.#row().querySelector("[data-axis=x]").focus();
  }

  #changed() {
    const last = this.body.rows[this.body.rows.length - 1];
    if (!last || last.dataset.area !== undefined || this.#value(last, "x") || this.#value(last, "y")) this.#row();
    this.dispatchEvent(new Event("change"));
  }

  #key(event) {
    if (event.key !== "Enter" && event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const inputs = [...this.body.querySelectorAll("input")];
    const here = event.target.dataset.axis;
    event.preventDefault();
    if (event.key === "Enter") { inputs.slice(inputs.indexOf(event.target) + 1).find((input) => input.dataset.axis !== "name")?.focus(); return; }
    const same = inputs.filter((input) => input.dataset.axis === here);
    same[same.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  }

  #pasted(event) {
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const empty = this.#empty();
    if (empty) empty.remove();
    for (const line of text.split(/\r?\n/).slice(0, 2000)) {
      const cells = line.split("\t").map((cell) => cell.trim());
      if (cells.filter(Boolean).length < 2) continue;
      this.#row(cells.length > 2 ? { name: cells[0], x: cells[1], y: cells[2] } : { x: cells[0], y: cells[1] });
    }
    this.#changed();
  }
}

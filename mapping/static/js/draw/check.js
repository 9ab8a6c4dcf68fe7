// How is the boundary checked while it is drawn? At every pause one question to the server; an older one is called off.
import { debounce } from "datnghe/shell/dom.js";
import { sendJson } from "datnghe/shell/http.js";
import { payload, zoneOf } from "datnghe/draw/model.js";

const PAUSE_MS = 300;

export class LiveCheck extends EventTarget {
  constructor(url, context) {
    super();
    this.url = url;
    this.context = context;
    this.ask = debounce(PAUSE_MS, (state) => this.#ask(state));
    this.number = 0;
  }

  /** Numbers on screen are of an older boundary from now on. */
  stale() { this.number += 1; this.running?.abort(); this.dispatchEvent(new Event("stale")); }

  changed(state) {
    this.stale();
    if (!zoneOf(state)) { this.dispatchEvent(new Event("empty")); return; }
    this.ask(state);
  }

  async #ask(state) {
    const mine = this.number;
    this.running = new AbortController();
    this.dispatchEvent(new Event("asking"));
    try {
      const report = await sendJson(this.url, { ...payload(state), ...this.context() }, { signal: this.running.signal });
      if (mine === this.number) this.dispatchEvent(new CustomEvent("report", { detail: report }));
    } catch (error) {
      if (error.name === "AbortError" || mine !== this.number) return;
      this.dispatchEvent(new CustomEvent("problem", { detail: error }));
      if (error.status === 429 || error.status === 0) setTimeout(() => { if (mine === this.number) this.ask(state); }, 4000);
    }
  }
}

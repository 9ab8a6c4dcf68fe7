// How does a draft survive? Saved to the server every few seconds when it changed; kept here while there is no connection.
// It never overwrites somebody else's work: a stale save is handed to "conflict" with both geometries.
import { sendJson } from "datnghe/shell/http.js";
import { payload, sameState } from "datnghe/draw/model.js";

const EVERY_MS = 3000;
const RETRY_MS = 10000;

export class Autosave extends EventTarget {
  constructor(url, code, rowVersion, state) {
    super();
    Object.assign(this, { url, key: `datnghe.draft.${code}`, rowVersion, saved: state, state, changes: 0, paused: false });
    window.addEventListener("online", () => this.#soon(0));
    window.addEventListener("pagehide", () => this.#keepHere());
    window.addEventListener("beforeunload", (event) => { if (this.changes && this.paused) event.preventDefault(); });
  }

  /** What this browser still holds from a lost connection; null when nothing is newer than the server. */
  remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) || "null");
      return kept && !sameState(kept.state, this.saved) ? kept : null;
    } catch { return null; }
  }

  changed(state) {
    this.state = state;
    if (sameState(state, this.saved)) { this.changes = 0; this.#forget(); this.#tell("saved"); return; }
    this.changes += 1;
    this.#keepHere();
    this.#tell(this.offline ? "offline" : "waiting");
    this.#soon(EVERY_MS);
  }

  async save() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.paused || this.saving || sameState(this.state, this.saved)) return;
    const sent = this.state;
    this.saving = true;
    this.#tell("saving");
    try {
      const answer = await sendJson(this.url, { row_version: this.rowVersion, ...payload(sent) }, { method: "PUT" });
      this.rowVersion = answer.row_version;
      this.saved = sent;
      this.savedAt = answer.saved_at;
      this.offline = false;
      this.changes = sameState(sent, this.state) ? 0 : 1;
      if (this.changes) this.#soon(EVERY_MS); else this.#forget();
      this.#tell("saved");
    } catch (error) {
      this.#failed(error);
    } finally { this.saving = false; }
  }

  /** After a conflict: go on from the server's row version with *state* as what is wanted. */
  settle(rowVersion, theirs, state) {
    Object.assign(this, { rowVersion, saved: theirs, paused: false });
    this.changed(state);
    this.save();
  }

  #failed(error) {
    if (error.status === 409 && error.code === "DRAFT_STALE") {
      this.paused = true;
      this.#tell("conflict");
      this.dispatchEvent(new CustomEvent("conflict", { detail: error.body }));
    } else if (error.status === 0 || error.status >= 500 || error.status === 429) {
      this.offline = error.status === 0;
      this.#tell("offline");
      this.#soon(RETRY_MS);
    } else {
      this.problem = error;
      this.#tell("refused");
    }
  }

  #soon(wait) {
    if (wait === 0) clearTimeout(this.timer);
    else if (this.timer) return;
    this.timer = setTimeout(() => this.save(), wait);
  }

  #keepHere() {
    if (!this.changes) return;
    try { localStorage.setItem(this.key, JSON.stringify({ state: this.state, rowVersion: this.rowVersion, changes: this.changes })); } catch { /* a full store must not stop the drawing */ }
  }

  #forget() { localStorage.removeItem(this.key); }
  #tell(status) { this.status = status; this.dispatchEvent(new CustomEvent("status", { detail: status })); }
}

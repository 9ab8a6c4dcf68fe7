// Which steps can be taken back? Named snapshots of the whole model, both ways.
import { copy, sameState } from "datnghe/draw/model.js";

const MOST = 200;

export class History {
  constructor(state) {
    this.steps = [{ name: "", state: copy(state) }];
    this.at = 0;
  }

  get state() { return copy(this.steps[this.at].state); }
  get undoName() { return this.at > 0 ? this.steps[this.at].name : ""; }
  get redoName() { return this.at + 1 < this.steps.length ? this.steps[this.at + 1].name : ""; }

  /** Keep a new state under the name of the step that led to it; nothing is kept when nothing changed. */
  push(name, state) {
    if (sameState(state, this.steps[this.at].state)) return false;
    this.steps.splice(this.at + 1);
    this.steps.push({ name, state: copy(state) });
    if (this.steps.length > MOST) this.steps.shift();
    this.at = this.steps.length - 1;
    return true;
  }

  undo() { return this.at > 0 ? this.#go(-1) : null; }
  redo() { return this.at + 1 < this.steps.length ? this.#go(1) : null; }

  #go(by) {
    this.at += by;
    return this.state;
  }
}

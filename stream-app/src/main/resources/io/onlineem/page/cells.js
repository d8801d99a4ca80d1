/** Incomplete multinomials: how often each cell is expected and was seen, and the probabilities behind. */

import {colour, percent} from "./format.js";
import {element} from "./mixture.js";

export class CellsView {
  constructor(holder) {
    this.cells = element("div", "weights");
    this.probabilities = element("div", "weights");
    holder.replaceChildren(element("div", "columns halves",
      element("div", "panel", element("h3", "", "Cells: expected share, and in recent records"), this.cells),
      element("div", "panel", element("h3", "", "Probabilities behind them"), this.probabilities)));
  }

  update(now, portrait) {
    if (!portrait || !portrait.parameters || !portrait.parameters.cells) {
      return;
    }
    const names = Object.keys(portrait.parameters.cells);
    const seen = this.seen(now, names);
    const total = d3.sum(names, name => seen.get(name) || 0);
    this.bars(this.cells, portrait.parameters.cells, name => total > 0 ? `${percent((seen.get(name) || 0) / total)} seen` : "");
    this.bars(this.probabilities, portrait.parameters.probabilities, () => "");
  }

  /** Counts of cells in recent records: a count for each cell, or the name of one. */
  seen(now, names) {
    const seen = new Map();
    const add = (name, times) => seen.set(name, (seen.get(name) || 0) + times);
    now.records.forEach(record => record.values.forEach((value, j) => {
      if (typeof value === "string") {
        add(value, 1);
      } else if (value !== null && names.includes(now.features[j].name)) {
        add(now.features[j].name, value);
      }
    }));
    return seen;
  }

  bars(box, shares, note) {
    box.replaceChildren(...Object.entries(shares).flatMap(([name, share], i) => {
      const fill = element("span", "bar-fill");
      fill.style.width = `${100 * share}%`;
      return [element("span", "", name), element("span", `bar-track ${colour(i)}`, fill),
        element("span", "number", percent(share)), element("span", "quiet", note(name))];
    }));
  }
}

/** Hidden Markov models: which state a sequence is in, and where it goes from there. */

import {Drawing} from "./charts.js";
import {colour, count, number, percent} from "./format.js";
import {MixtureView, element} from "./mixture.js";

const LEFT = 96;
const SHOWN = 240;

/** Choice of the sequence whose records are shown one after another. */
export class SequenceChoice {
  constructor(data) {
    this.select = element("select");
    this.label = element("label", "", "Sequence ", this.select);
    this.select.addEventListener("change", () => data.turnTo(data.now.model, this.select.value));
  }

  update(now) {
    const names = [...new Set([...(now.sequences || []), ...(now.sequence ? [now.sequence] : [])])]
      .sort((one, other) => one.localeCompare(other, "en", {numeric: true}));
    const shown = [...this.select.options].map(option => option.value);
    if (shown.join("\n") !== names.join("\n")) {
      this.select.replaceChildren(...names.map(name => new Option(name, name)));
    }
    if (document.activeElement !== this.select) {
      this.select.value = now.sequence || "";
    }
  }
}

/** Records that follow one another: those since the last gap, if they are enough to be worth a look. */
export function run(followed) {
  const shown = followed.slice(-SHOWN);
  const gap = shown.map(record => Boolean(record.gap)).lastIndexOf(true);
  return gap > 0 && shown.length - gap >= 40 ? shown.slice(gap) : shown;
}

class Timeline extends Drawing {
  constructor(holder, features, data) {
    const fields = features.map((feature, index) => ({...feature, index})).filter(one => one.kind === "number").slice(0, 3);
    const box = element("div", "chart timeline");
    box.style.height = `${54 + 54 * fields.length}px`;
    super(box, {top: 0, right: 0, bottom: 0, left: 0});
    this.fields = fields;
    this.choice = new SequenceChoice(data);
    this.note = element("span", "quiet");
    holder.append(element("div", "panel-head", element("h3", "", "The state of one sequence, record by record"),
      element("div", "controls", this.note, this.choice.label)), box);
  }

  update(now) {
    this.choice.update(now);
    super.update(now);
  }

  paint() {
    const records = run(this.now.followed).filter(record => record.scored.component !== undefined);
    const x = d3.scaleLinear([0, Math.max(records.length, 1)], [LEFT, this.width - 4]);
    const width = Math.max(0.5, x(1) - x(0) + 0.3);
    const cell = this.svg.selectAll(".state").data(records).join("rect").attr("class", record => `state fill ${colour(record.scored.component)}`)
      .attr("x", (record, i) => x(i)).attr("width", width).attr("y", 4).attr("height", 26);
    cell.attr("opacity", record => 0.35 + 0.65 * (d3.max(record.scored.posterior || [1])));
    this.svg.selectAll(".name").data(["state", ...this.fields.map(field => field.name)]).join("text").attr("class", "name").attr("x", 0)
      .attr("y", (name, i) => i === 0 ? 21 : 54 * i + 12).text(name => name.length > 10 ? `${name.slice(0, 9)}…` : name);
    this.fields.forEach((field, row) => this.field(field, row, records, x));
    const changes = d3.pairs(records).filter(([one, next]) => one.scored.component !== next.scored.component).length;
    const last = records[records.length - 1];
    this.note.textContent = records.length ? `${count(records.length)} records, ${changes} changes of state` : "no records of this sequence yet";
    this.svg.attr("aria-label", last ? `The last ${records.length} records of ${this.now.sequence}: now state ${last.scored.component}, ${changes} changes of state` : "no records yet");
  }

  field(field, row, records, x) {
    const top = 54 * (row + 1) - 14;
    const known = records.map((record, i) => [i, record.values[field.index], record.scored.component]).filter(one => one[1] !== null);
    const y = d3.scaleLinear(known.length ? d3.extent(known, one => one[1]) : [0, 1], [top + 44, top + 4]);
    this.svg.selectAll(`.value${row}`).data(known).join("circle").attr("class", one => `value${row} fill ${colour(one[2])}`)
      .attr("r", records.length > 120 ? 1.5 : 2).attr("cx", one => x(one[0] + 0.5)).attr("cy", one => y(one[1]));
    this.svg.selectAll(`.end${row}`).data(known.length ? y.domain() : []).join("text").attr("class", `end${row}`)
      .attr("x", 0).attr("y", top + 39).text((end, i) => i === 0 ? `${number(y.domain()[0])} to ${number(y.domain()[1])}` : "")
      .attr("visibility", (end, i) => i === 0 ? "visible" : "hidden");
  }
}

class Transitions {
  constructor(holder) {
    this.table = element("table", "matrix");
    const scroll = element("div", "scroll", this.table);
    holder.append(element("h3", "", "What follows a state: probability of each next one"), scroll);
  }

  update(portrait) {
    const states = portrait.components;
    if (!states || !portrait.transition) {
      return;
    }
    const head = element("tr", "", element("th"), ...states.map(one => heading(one.index, "")), element("th", "lasts", "lasts"));
    const rows = states.map((from, i) => {
      const stays = portrait.transition[i][i];
      return element("tr", "", heading(from.index, "from "), ...states.map((to, j) => {
        const tint = element("i", colour(to.index));
        tint.style.opacity = 0.75 * Math.sqrt(portrait.transition[i][j] || 0);
        return element("td", "", tint, element("span", "", percent(portrait.transition[i][j] || 0)));
      }), element("th", "lasts", stays < 1 ? `${count(1 / (1 - stays))} records` : "for ever"));
    });
    this.table.replaceChildren(element("thead", "", head), element("tbody", "", ...rows));
  }
}

function heading(index, prefix) {
  const cell = element("th", colour(index), element("span", "swatch"), `${prefix}${index}`);
  cell.scope = prefix ? "row" : "col";
  return cell;
}

export class StatesView {
  constructor(holder, now, portrait, data) {
    const top = element("div", "stack");
    const mixture = element("div");
    this.timeline = new Timeline(top, now.features, data);
    this.mixture = new MixtureView(mixture, now, portrait);
    const matrix = element("div");
    this.transitions = new Transitions(matrix);
    this.mixture.right.append(matrix);
    holder.replaceChildren(element("div", "stack", top, mixture));
  }

  update(now, portrait) {
    this.timeline.update(now);
    this.mixture.update(now, portrait);
    if (portrait) {
      this.transitions.update(portrait);
    }
  }
}

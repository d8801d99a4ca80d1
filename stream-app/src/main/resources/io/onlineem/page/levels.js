/** Linear-Gaussian state space models: the level behind what is measured, and how noisy everything is. */

import {Drawing} from "./charts.js";
import {count, number} from "./format.js";
import {element} from "./mixture.js";
import {SequenceChoice, run} from "./states.js";

const MARGIN = {top: 8, right: 8, bottom: 22, left: 52};

/** What is believed of a field's level after a record, and its standard deviation: C x + b, and C P C'. */
function level(record, parameters, j) {
  const outputs = record.scored.outputs;
  if (!outputs || !outputs.mean) {
    return null;
  }
  const row = parameters.observation[j];
  const mean = d3.sum(row, (c, i) => c * outputs.mean[i]) + (parameters.offset ? parameters.offset[j] : 0);
  const variance = d3.sum(row, (c, i) => d3.sum(row, (d, k) => c * d * outputs.covariance[i][k]));
  return [mean, Math.sqrt(Math.max(0, variance))];
}

class Level extends Drawing {
  constructor(holder, field, j) {
    const box = element("div", "chart level");
    box.style.height = "190px";
    holder.append(element("h3", "", `${field.name}: measured (points), and the level behind it with two standard deviations`), box);
    super(box, MARGIN);
    this.field = field;
    this.j = j;
    const parts = this.parts;
    this.xAxis = parts.append("g").attr("class", "axis");
    this.yAxis = parts.append("g").attr("class", "axis");
    this.band = parts.append("path").attr("class", "band");
    this.points = parts.append("g");
    this.line = parts.append("path").attr("class", "line stroke k0");
  }

  paint() {
    if (!this.portrait) {
      return;
    }
    const records = run(this.now.followed);
    const rows = records.map((record, i) => ({i, value: record.values[this.j], level: level(record, this.portrait.parameters, this.j)}));
    const known = rows.filter(row => row.level);
    const ends = d3.extent(rows.filter(row => row.value !== null).map(row => row.value)
      .concat(...known.map(row => [row.level[0] - 2 * row.level[1], row.level[0] + 2 * row.level[1]])));
    const x = d3.scaleLinear([0, Math.max(1, rows.length - 1)], [0, this.width]);
    const y = d3.scaleLinear(ends[0] === undefined ? [0, 1] : ends, [this.height, 0]).nice(4);
    this.xAxis.attr("transform", `translate(0,${this.height})`)
      .call(d3.axisBottom(x).ticks(Math.max(2, this.width / 110)).tickSize(4).tickFormat(i => `record ${count(i)}`));
    this.yAxis.call(d3.axisLeft(y).ticks(4).tickSize(-this.width).tickFormat(number)).call(axis => axis.select(".domain").remove());
    const at = d3.area().defined(row => row.level).x(row => x(row.i))
      .y0(row => y(row.level[0] - 2 * row.level[1])).y1(row => y(row.level[0] + 2 * row.level[1]));
    this.band.attr("d", at(rows));
    this.line.attr("d", d3.line().defined(row => row.level).x(row => x(row.i)).y(row => y(row.level[0]))(rows));
    this.points.selectAll("circle").data(rows.filter(row => row.value !== null)).join("circle").attr("class", "record fill k1")
      .attr("r", 2).attr("cx", row => x(row.i)).attr("cy", row => y(row.value));
    const last = known[known.length - 1];
    this.svg.attr("aria-label", last
      ? `${this.field.name}: the level is ${number(last.level[0])}, plus or minus ${number(2 * last.level[1])}` : `${this.field.name}: no records yet`);
  }
}

export class LevelsView {
  constructor(holder, now, portrait, data) {
    this.choice = new SequenceChoice(data);
    const charts = element("div", "stack");
    this.levels = now.features.slice(0, 4).map((field, j) => new Level(charts, field, j));
    this.table = element("table", "numbers");
    const side = element("div", "panel", element("h3", "", "How noisy, in standard deviations"), this.table);
    holder.replaceChildren(element("div", "columns wide-first",
      element("div", "panel", element("div", "panel-head", element("h3", "quiet", "One sequence, record by record"),
        element("div", "controls", this.choice.label)), charts), side));
    this.features = now.features;
  }

  update(now, portrait) {
    this.choice.update(now);
    this.levels.forEach(one => one.update(now, portrait));
    if (portrait && portrait.parameters) {
      const parameters = portrait.parameters;
      const rows = this.features.slice(0, parameters.observationNoise.length)
        .map((feature, j) => [`measuring ${feature.name}`, Math.sqrt(parameters.observationNoise[j][j])]);
      parameters.processNoise.forEach((row, i) => rows.push([
        parameters.processNoise.length === 1 ? "the level, from record to record" : `state ${i}, from record to record`, Math.sqrt(row[i])]));
      this.table.replaceChildren(element("tbody", "", ...rows.map(([name, value]) =>
        element("tr", "", element("td", "", name), element("td", "number", number(value))))));
    }
  }
}

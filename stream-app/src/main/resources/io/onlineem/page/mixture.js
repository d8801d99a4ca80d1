/** Mixtures: records among the ellipses of the components, weights, and what a component expects of every field. */

import {Drawing} from "./charts.js";
import {colour, number, percent, unexpected} from "./format.js";

const MARGIN = {top: 8, right: 10, bottom: 36, left: 56};

/** What a plot of a feature is repeated by: times of day come round. */
function rounds(feature) {
  return feature.period ? [-feature.period, 0, feature.period] : [0];
}

/** An element with a class and children. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.append(...children);
  return made;
}

/** Correlation of two features under component i of those shown. */
function correlation(portrait, i, a, b) {
  for (const block of portrait.correlated || []) {
    const row = Math.max(a, b) - block.first;
    const column = Math.min(a, b) - block.first;
    if (column >= 0 && row < block.count) {
      return block.correlations[i][row * (row - 1) / 2 + column];
    }
  }
  return 0;
}

/** Points of the ellipse that is so many standard deviations wide, in the units of the fields. */
function ellipse(component, rho, a, b, width) {
  const points = [];
  const [sx, sy] = [component.deviations[a], component.deviations[b]];
  for (let i = 0; i <= 64; i++) {
    const angle = 2 * Math.PI * i / 64;
    const [u, v] = [width * Math.cos(angle), width * Math.sin(angle)];
    points.push([component.means[a] + sx * u, component.means[b] + sy * (rho * u + Math.sqrt(Math.max(0, 1 - rho * rho)) * v)]);
  }
  return points;
}

function isDrawn(component, feature) {
  return component.means[feature] !== null && component.deviations[feature] !== null;
}

/** Two fields against each other. */
class Scatter extends Drawing {
  constructor(holder, title, fields, portrait) {
    const box = element("div", "chart scatter");
    super(box, MARGIN);
    this.fields = fields;
    const names = portrait ? mostTelling(portrait, fields) : fields;
    this.choices = ["x", "y"].map((label, i) => {
      const select = element("select");
      fields.forEach(field => select.append(new Option(field.name, field.index)));
      select.value = names[Math.min(i, names.length - 1)].index;
      select.addEventListener("change", () => this.draw());
      return element("label", "", `${label} `, select);
    });
    const head = element("div", "panel-head", element("h3", "", title),
      element("div", "controls", ...this.choices));
    holder.append(head, box);
    const clip = `clip-${Math.random().toString(36).slice(2)}`;
    this.clip = this.svg.append("clipPath").attr("id", clip).append("rect");
    const parts = this.parts;
    this.xAxis = parts.append("g").attr("class", "axis");
    this.yAxis = parts.append("g").attr("class", "axis");
    this.xName = parts.append("text").attr("text-anchor", "end");
    this.yName = parts.append("text").attr("text-anchor", "start").attr("x", 4).attr("y", 10);
    this.note = parts.append("text");
    const inside = parts.append("g").attr("clip-path", `url(#${clip})`);
    this.records = inside.append("g");
    this.ellipses = inside.append("g");
    this.odd = inside.append("g");
    this.x = d3.scaleLinear();
    this.y = d3.scaleLinear();
  }

  paint() {
    const [a, b] = this.choices.map(choice => Number(choice.querySelector("select").value));
    const records = this.now.records.filter(record => record.values[a] !== null && record.values[b] !== null);
    const components = this.portrait && this.portrait.components
      ? this.portrait.components.map((component, i) => ({...component, i})).filter(one => isDrawn(one, a) && isDrawn(one, b)) : [];
    const [across, up] = [a, b].map(index => this.fields.find(field => field.index === index));
    this.scale(this.x.range([0, this.width]), records.map(record => record.values[a]), components, across);
    this.scale(this.y.range([this.height, 0]), records.map(record => record.values[b]), components, up);
    this.clip.attr("width", this.width).attr("height", this.height);
    this.xAxis.attr("transform", `translate(0,${this.height})`)
      .call(d3.axisBottom(this.x).ticks(Math.max(3, this.width / 90)).tickSize(-this.height).tickFormat(number));
    this.yAxis.call(d3.axisLeft(this.y).ticks(Math.max(3, this.height / 60)).tickSize(-this.width).tickFormat(number));
    this.xName.attr("x", this.width).attr("y", this.height + 32).text(`${across.name} →`);
    this.yName.text(`↑ ${up.name}`);
    this.note.attr("y", this.height + 32).text(components.length ? "ellipses: 1 and 2 standard deviations" : "");
    const newest = records.length ? records[records.length - 1].number : 0;
    const oldest = records.length ? records[0].number : 0;
    this.records.selectAll("circle").data(records, record => record.number).join("circle")
      .attr("class", record => `record fill ${colour(record.scored.component)}${record.number < (newest + oldest) / 2 ? " old" : ""}`)
      .attr("r", 2.4).attr("cx", record => this.x(record.values[a])).attr("cy", record => this.y(record.values[b]));
    const drawn = width => component => {
      const points = ellipse(component, correlation(this.portrait, component.i, a, b), a, b, width);
      return d3.cross(rounds(across), rounds(up))
        .map(([dx, dy]) => d3.line().x(point => this.x(point[0] + dx)).y(point => this.y(point[1] + dy))(points)).join("");
    };
    this.ellipses.selectAll(".ellipse").data(components, one => one.index).join("path")
      .attr("class", one => `ellipse both ${colour(one.index)}`).attr("d", drawn(1));
    this.ellipses.selectAll(".outer").data(components, one => one.index).join("path")
      .attr("class", one => `outer stroke ${colour(one.index)}`).attr("d", drawn(2));
    const odd = unexpected(this.now).filter(record => record.values[a] !== null && record.values[b] !== null);
    this.odd.selectAll("circle").data(odd, record => record.number).join("circle").attr("class", "odd").attr("r", 5)
      .attr("cx", record => this.x(record.values[a])).attr("cy", record => this.y(record.values[b]));
    this.svg.attr("aria-label", `${records.length} recent records by ${across.name} and ${up.name}, with ${components.length} components; the least likely records are circled`);
  }

  /** Wide enough for nearly all records and for the ellipses, whatever a few outliers do. */
  scale(scale, values, components, field) {
    if (field.period) {
      scale.domain([0, field.period]);
      return;
    }
    const feature = field.index;
    const sorted = values.slice().sort(d3.ascending);
    const ends = sorted.length ? [d3.quantileSorted(sorted, 0.005), d3.quantileSorted(sorted, 0.995)] : [];
    components.filter(one => one.weight > 0.02).forEach(one => {
      ends.push(one.means[feature] - 2 * one.deviations[feature], one.means[feature] + 2 * one.deviations[feature]);
    });
    const [low, high] = ends.length ? d3.extent(ends) : [0, 1];
    const margin = (high - low || 1) * 0.04;
    scale.domain([low - margin, high + margin]);
  }
}

/** The fields in which the components differ most, relative to their spread. */
function mostTelling(portrait, fields) {
  const components = portrait.components || [];
  const apart = field => {
    const known = components.filter(one => isDrawn(one, field.index) && one.weight > 0.01);
    return known.length < 2 ? 0
      : d3.deviation(known, one => one.means[field.index]) / d3.mean(known, one => one.deviations[field.index]);
  };
  return fields.slice().sort((one, other) => apart(other) - apart(one));
}

/** One field: densities over the records. */
class Strip extends Drawing {
  constructor(holder, field) {
    const box = element("div", "chart");
    super(box, MARGIN);
    this.field = field;
    holder.append(element("div", "panel-head", element("h3", "", `Recent records and components, by ${field.name}`)), box);
    this.svg.attr("aria-label", `Densities of the components over ${field.name}`);
    this.axis = this.parts.append("g").attr("class", "axis");
    this.records = this.parts.append("g");
    this.curves = this.parts.append("g");
  }

  paint() {
    const j = this.field.index;
    const records = this.now.records.filter(record => record.values[j] !== null);
    const components = ((this.portrait && this.portrait.components) || []).filter(one => isDrawn(one, j) && one.deviations[j] > 0);
    const ends = d3.extent(records.map(record => record.values[j])
      .concat(...components.map(one => [one.means[j] - 3 * one.deviations[j], one.means[j] + 3 * one.deviations[j]])));
    const x = d3.scaleLinear(ends[0] === undefined ? [0, 1] : ends, [0, this.width]);
    this.axis.attr("transform", `translate(0,${this.height})`).call(d3.axisBottom(x).ticks(this.width / 90).tickFormat(number));
    this.records.selectAll("line").data(records, record => record.number).join("line")
      .attr("class", record => `record stroke ${colour(record.scored.component)}`).attr("stroke-opacity", 0.3)
      .attr("x1", record => x(record.values[j])).attr("x2", record => x(record.values[j]))
      .attr("y1", this.height - 14).attr("y2", this.height);
    const density = one => v => one.weight / one.deviations[j] * Math.exp(-0.5 * ((v - one.means[j]) / one.deviations[j]) ** 2);
    const most = d3.max(components, one => one.weight / one.deviations[j]) || 1;
    const points = d3.range(0, this.width, 2).map(px => x.invert(px));
    const curve = one => d3.line().x(v => x(v)).y(v => (this.height - 18) * (1 - density(one)(v) / most))(points);
    this.curves.selectAll("path").data(components, one => one.index).join("path")
      .attr("class", one => `stroke ${colour(one.index)}`).attr("fill", "none").attr("stroke-width", 1.6).attr("d", curve);
  }
}

/** Shares of components, states or topics. */
export class Weights {
  constructor(holder, title, what) {
    this.what = what;
    this.box = element("div", "weights");
    holder.append(element("h3", "", title), this.box);
  }

  update(components) {
    const rows = this.box.children;
    if (rows.length !== 4 * components.length) {
      this.box.replaceChildren(...components.flatMap(one => [
        element("span", `${colour(one.index)}`, element("span", "swatch"), `${this.what} ${one.index}`),
        element("span", `bar-track ${colour(one.index)}`, element("span", "bar-fill")),
        element("span", "number"), element("span")]));
    }
    components.forEach((one, i) => {
      rows[4 * i + 1].firstChild.style.width = `${100 * (one.weight || 0)}%`;
      rows[4 * i + 2].textContent = one.weight === null ? "–" : percent(one.weight);
    });
  }
}

/** For every field, where each component expects it, plus and minus a standard deviation. */
export class Multiples {
  constructor(holder, now) {
    this.features = now.features;
    this.cells = new Map();
    this.box = element("div", "multiples");
    holder.append(element("h3", "", "Expected of each field: mean and standard deviation"), this.box);
  }

  update(portrait) {
    (portrait.components ? this.features : []).forEach((feature, j) => {
      const categories = (portrait.categories || []).find(one => one.feature === j);
      if (categories) {
        this.categories(feature, j, portrait, categories);
      } else if (portrait.components.some(one => one.means[j] !== null)) {
        this.numbers(feature, j, portrait);
      }
    });
  }

  cell(feature, j, height) {
    if (!this.cells.has(j)) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const title = element("div", "title", feature.name);
      title.title = feature.name;
      this.box.append(element("div", "multiple", title, svg));
      this.cells.set(j, svg);
    }
    const svg = this.cells.get(j);
    svg.setAttribute("viewBox", `0 0 150 ${height}`);
    svg.setAttribute("role", "img");
    return d3.select(svg);
  }

  numbers(feature, j, portrait) {
    const components = portrait.components;
    const height = 10 * components.length + 22;
    const svg = this.cell(feature, j, height);
    const ends = d3.extent(components.flatMap(one => [one.means[j] - (one.deviations[j] || 0), one.means[j] + (one.deviations[j] || 0)]));
    const x = d3.scaleLinear(ends[0] === ends[1] ? [ends[0] - 1, ends[1] + 1] : ends, [4, 146]);
    const row = (one, i) => 9 + 10 * i;
    svg.selectAll(".interval").data(components).join("line").attr("class", one => `interval ${colour(one.index)}`)
      .attr("x1", one => x(one.means[j] - (one.deviations[j] || 0))).attr("x2", one => x(one.means[j] + (one.deviations[j] || 0)))
      .attr("y1", row).attr("y2", row);
    svg.selectAll(".mean").data(components).join("circle").attr("class", one => `mean ${colour(one.index)}`).attr("r", 3.4)
      .attr("cx", one => x(one.means[j])).attr("cy", row);
    svg.selectAll("text").data(x.domain()).join("text").attr("y", height - 2)
      .attr("x", (end, i) => i === 0 ? 2 : 148).attr("text-anchor", (end, i) => i === 0 ? "start" : "end")
      .text(end => number(Math.abs(end) < (ends[1] - ends[0]) / 100 ? 0 : end));
    svg.attr("aria-label", `${feature.name}: ${components.map(one => `${one.index} ${number(one.means[j])} plus or minus ${number(one.deviations[j])}`).join(", ")}`);
  }

  categories(feature, j, portrait, categories) {
    const components = portrait.components;
    const overall = categories.names.map((name, c) => ({name, c, share: d3.sum(components, (one, i) => one.weight * categories.probabilities[i][c])}))
      .sort((one, other) => other.share - one.share).slice(0, 5).filter(one => one.share > 0.001);
    const height = 15 * overall.length + 6;
    const svg = this.cell(feature, j, height);
    const width = 92 / components.length;
    const cells = overall.flatMap((category, r) => components.map((one, i) => ({
      key: `${r}-${i}`, r, i, index: one.index, probability: categories.probabilities[i][category.c]})));
    svg.selectAll("rect").data(cells, cell => cell.key).join("rect").attr("class", cell => `fill ${colour(cell.index)}`)
      .attr("x", cell => 58 + width * cell.i).attr("width", Math.max(1, width - 2)).attr("rx", 1)
      .attr("y", cell => 15 * cell.r + 4 + 11 * (1 - cell.probability)).attr("height", cell => Math.max(0.6, 11 * cell.probability));
    svg.selectAll("text").data(overall).join("text").attr("x", 0).attr("y", (category, r) => 15 * r + 13)
      .text(category => category.name.length > 9 ? `${category.name.slice(0, 8)}…` : category.name);
    svg.attr("aria-label", `${feature.name}: ${overall.map(one => `${one.name} ${percent(one.share)}`).join(", ")}`);
  }
}

export class MixtureView {
  constructor(holder, now, portrait) {
    const numeric = now.features.map((feature, index) => ({...feature, index})).filter(feature => feature.kind === "number");
    const left = element("div", "panel");
    const right = element("div", "panel stack");
    const states = now.type === "hmm";
    this.parts = [];
    if (numeric.length > 1) {
      const title = portrait ? `Recent records and ${states ? "states" : "components"}` : "Recent records";
      this.parts.push(new Scatter(left, title, numeric, portrait));
    } else if (numeric.length === 1) {
      this.parts.push(new Strip(left, numeric[0]));
    }
    if (portrait) {
      const [shares, fields] = [element("div"), element("div")];
      this.weights = new Weights(shares, states ? "Share of each state in the long run" : "Weights", states ? "state" : "component");
      this.multiples = new Multiples(fields, now);
      right.append(shares, fields);
    }
    this.right = right;
    holder.replaceChildren(element("div", "columns halves", left, right));
  }

  update(now, portrait) {
    this.parts.forEach(part => part.update(now, portrait));
    if (this.weights && portrait.components) {
      this.weights.update(portrait.components);
      this.multiples.update(portrait);
    }
  }
}

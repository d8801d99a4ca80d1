/** What is drawn as SVG, and lines over time. */

import {fixed, number, time} from "./format.js";

const MARGIN = {top: 8, right: 24, bottom: 20, left: 52};

/** An SVG that fills a box: painted when there is something new to show, and when the size of the box changes. */
export class Drawing {
  /** @param margin around what is painted, which goes into `parts`; its size is `width` and `height` */
  constructor(box, margin) {
    this.svg = d3.select(box).append("svg").attr("role", "img");
    this.parts = this.svg.append("g").attr("transform", `translate(${margin.left},${margin.top})`);
    new ResizeObserver(entries => {
      const size = entries[0].contentRect;
      this.width = size.width - margin.left - margin.right;
      this.height = size.height - margin.top - margin.bottom;
      this.draw();
    }).observe(box);
  }

  /** Shows what is told now, with the parameters of a version. */
  update(now, portrait) {
    this.now = now;
    this.portrait = portrait;
    this.draw();
  }

  draw() {
    if (this.width > 0 && this.height > 0 && this.now) {
      this.paint();
    }
  }
}

/** A chart of a line over time. Takes the focus: arrow keys move a cursor that tells the values. */
export class TimeChart extends Drawing {
  /**
   * @param element where it goes
   * @param options label: what is drawn; zero: whether the axis begins at 0; extent: its ends; area: whether what is below a line is
   *     filled; smooth: half-life in milliseconds of a mean that is drawn over the values; told: what is said of a row
   */
  constructor(element, options) {
    super(element, MARGIN);
    this.options = options;
    this.rows = [];
    this.marks = [];
    this.cursor = null;
    this.svg.attr("tabindex", 0)
      .on("pointermove", event => this.point(d3.pointer(event, this.svg.node())[0]))
      .on("pointerleave blur", () => this.put(null))
      .on("keydown", event => this.key(event));
    this.x = d3.scaleTime();
    this.y = d3.scaleLinear();
    const parts = this.parts;
    this.xAxis = parts.append("g").attr("class", "axis");
    this.yAxis = parts.append("g").attr("class", "axis");
    this.area = parts.append("path").attr("class", "area");
    this.markers = parts.append("g");
    this.line = parts.append("path").attr("class", options.smooth ? "line raw" : "line");
    this.smooth = parts.append("path").attr("class", "line");
    this.dots = parts.append("g").attr("class", "points");
    this.hair = parts.append("g").attr("visibility", "hidden");
    this.hair.append("line").attr("class", "cursor");
    this.hair.append("circle").attr("class", "cursor-dot").attr("r", 3);
    this.hair.append("text").attr("class", "readout").attr("y", 9);
  }

  /** Shows rows of a time and a value, which may be null, and marks: of a time and a class. */
  update(rows, marks = []) {
    this.rows = rows;
    this.marks = marks;
    super.update(rows);
  }

  paint() {
    const known = this.rows.filter(row => row[1] !== null && row[1] !== undefined);
    const last = this.rows.length ? this.rows[this.rows.length - 1][0] : Date.now();
    const first = this.rows.length ? Math.min(this.rows[0][0], last - 30000) : last - 60000;
    this.x.domain([first, last]).range([0, this.width]);
    this.y.domain(this.extent(known)).range([this.height, 0]).nice(4);
    this.xAxis.attr("transform", `translate(0,${this.height})`)
      .call(d3.axisBottom(this.x).ticks(Math.max(2, this.width / 110)).tickSize(4).tickFormat(clock(first, last)));
    const lines = Math.max(2, Math.min(5, this.height / 34));
    this.yAxis.call(d3.axisLeft(this.y).ticks(lines).tickSize(-this.width).tickFormat(byStep(this.y, lines)))
      .call(axis => axis.select(".domain").remove());
    const drawn = d3.line().defined(row => row[1] !== null && row[1] !== undefined).x(row => this.x(row[0])).y(row => this.y(row[1]));
    this.line.attr("d", drawn(this.rows));
    if (this.options.smooth) {
      this.smooth.attr("d", drawn(smoothed(this.rows, this.options.smooth)));
    }
    this.dots.selectAll("circle").data(known.length < 3 ? known : []).join("circle")
      .attr("r", 2.5).attr("cx", row => this.x(row[0])).attr("cy", row => this.y(row[1]));
    if (this.options.area) {
      const below = d3.area().defined(row => row[1] !== null && row[1] !== undefined)
        .x(row => this.x(row[0])).y0(this.height).y1(row => this.y(row[1]));
      this.area.attr("d", below(this.rows));
    }
    this.markers.selectAll("line").data(this.marks.filter(mark => mark[0] >= first)).join("line")
      .attr("class", mark => mark[1]).attr("y1", 0).attr("y2", this.height)
      .attr("x1", mark => this.x(mark[0])).attr("x2", mark => this.x(mark[0]));
    this.svg.attr("aria-label", this.said(known));
    this.put(this.cursor);
  }

  extent(known) {
    if (this.options.extent) {
      return this.options.extent;
    }
    if (!known.length) {
      return [0, 1];
    }
    const values = known.map(row => row[1]).sort(d3.ascending);
    if (this.options.zero) {
      return [0, Math.max(values[values.length - 1], 1)];
    }
    // one bad moment shall not flatten all the others
    const low = Math.max(values[0], d3.quantileSorted(values, 0.05) - 3 * spread(values));
    const high = values[values.length - 1];
    return low < high ? [low, high] : [low - 0.5, high + 0.5];
  }

  said(known) {
    if (!known.length) {
      return `${this.options.label}: nothing yet`;
    }
    const values = known.map(row => row[1]);
    return `${this.options.label}: now ${number(values[values.length - 1])}, from ${number(d3.min(values))} to ${number(d3.max(values))}`;
  }

  point(x) {
    const known = this.rows.filter(row => row[1] !== null && row[1] !== undefined);
    if (known.length) {
      const at = this.x.invert(x - MARGIN.left);
      this.put(known[d3.leastIndex(known, row => Math.abs(row[0] - at))][0]);
    }
  }

  key(event) {
    const known = this.rows.filter(row => row[1] !== null && row[1] !== undefined);
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (step && known.length) {
      event.preventDefault();
      const now = this.cursor === null ? known.length : known.findIndex(row => row[0] >= this.cursor);
      this.put(known[Math.max(0, Math.min(known.length - 1, (now < 0 ? known.length : now) + step))][0]);
    }
  }

  put(cursor) {
    this.cursor = cursor;
    const row = cursor === null ? null : this.rows.find(one => one[0] === cursor);
    this.hair.attr("visibility", row ? "visible" : "hidden");
    if (row) {
      const x = this.x(row[0]);
      const right = x > this.width / 2;
      this.hair.select("line").attr("x1", x).attr("x2", x).attr("y1", 0).attr("y2", this.height);
      this.hair.select("circle").attr("cx", x).attr("cy", this.y(row[1]));
      this.hair.select("text").attr("x", x + (right ? -7 : 7)).attr("text-anchor", right ? "end" : "start")
        .text(`${this.options.told ? this.options.told(row) : number(row[1])} at ${time(row[0])}`);
    }
  }
}

/** Exponentially weighted means, by time; rows may have a third number, their weight. */
function smoothed(rows, halfLife) {
  let [sum, weight, before] = [0, 0, null];
  return rows.map(([at, value, count = 1]) => {
    if (value === null || value === undefined) {
      return [at, null];
    }
    const kept = before === null ? 0 : 2 ** ((before - at) / halfLife);
    sum = kept * sum + count * value;
    weight = kept * weight + count;
    before = at;
    return [at, sum / weight];
  });
}

/** As many decimals as tell one tick from the next. */
function byStep(scale, count) {
  const [low, high] = scale.domain();
  const decimals = Math.max(0, Math.min(9, -Math.floor(Math.log10(d3.tickStep(low, high, count)))));
  return value => fixed(value, decimals);
}

function spread(sorted) {
  return Math.max(d3.quantileSorted(sorted, 0.95) - d3.quantileSorted(sorted, 0.05), 1e-9);
}

function clock(first, last) {
  const format = last - first > 172800000 ? "%d %b" : last - first > 1800000 ? "%H:%M" : "%H:%M:%S";
  return d3.timeFormat(format);
}

/** How unusual records are over time, and the incidents that they make up. */

import {TimeChart} from "./charts.js";
import {age, count, fixed, oneIn, time} from "./format.js";
import {element} from "./mixture.js";
import {reasons} from "./records.js";

const SHOWN = 10;
const STATUS = {opened: "open", updated: "open", closed: "over", "new-normal": "new normal"};

/** Whether there is more to come of an incident. */
export function isOpen({alert}) {
  return STATUS[alert.status] === "open";
}

function row({alert}) {
  const open = STATUS[alert.status] === "open";
  const lasted = alert.end - alert.start;
  return element("tr", "incident",
    element("td", open ? "falling" : "quiet", STATUS[alert.status]),
    element("td", "watched", alert.stream),
    element("td", "number", `${fixed(alert.peak.score, 2)}, ${oneIn(alert.peak.tailProbability)}`),
    element("td", "watched", time(alert.start), element("span", "quiet", lasted >= 1000 ? `, for ${age(lasted)}` : "")),
    element("td", "number", `${count(alert.alarms)} of ${count(alert.records)}`),
    element("td", "reasons", ...(alert.explanation ? reasons(alert.explanation) : [])));
}

export class AnomaliesView {
  constructor(section) {
    this.section = section;
    this.chart = new TimeChart(section.querySelector(".chart"), {
      label: "Score of the most unusual record", extent: [0, 1], area: true,
      told: ([, score, tailProbability]) => `${fixed(score, 2)}, ${oneIn(tailProbability)},`,
    });
    this.table = section.querySelector(".incidents");
  }

  /** @param rows moments */
  course(rows, incidents) {
    this.chart.update(rows.map(row => [row[0], row[7], row[8]]), incidents.map(incident => [incident.opened, "event"]));
  }

  update(now) {
    this.section.hidden = !now.watched;
    if (!now.incidents.length) {
      this.table.replaceChildren(element("p", "quiet", "No incidents yet."));
      return;
    }
    // those that are open come first, and the newest of them
    const all = now.incidents.slice().reverse().sort((one, other) => isOpen(other) - isOpen(one));
    const head = ["Incident", "Watched", "Worst record", "Began", "Alarms of records", "Why"].map((name, i) => {
      const cell = element("th", i === 2 || i === 4 ? "number" : "", name);
      cell.scope = "col";
      return cell;
    });
    this.table.replaceChildren(element("table", "records",
      element("thead", "", element("tr", "", ...head)), element("tbody", "", ...all.slice(0, SHOWN).map(row))));
  }
}

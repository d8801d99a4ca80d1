/** Records that the model did not expect, newest first, and why. */

import {fixed, number, percent, time} from "./format.js";
import {element} from "./mixture.js";

const SHOWN = 10;

function shown(value) {
  return typeof value === "string" ? `“${value}”` : number(value);
}

/** A reason in words: of a scored record that brings its own, or of the component nearest to the record. */
function said(record, reason) {
  const value = reason.value !== undefined ? reason.value : record.values && record.values[reason.index];
  const name = element("b", "", reason.field);
  const expected = reason.expected !== undefined && reason.expected !== null ? `, expected ${shown(reason.expected)}` : "";
  if (reason.share !== undefined && reason.share !== null) {
    return element("span", "reason", name, ` ${shown(value)}${expected} (${percent(reason.share)} of it)`);
  }
  if (reason.probability !== undefined && reason.probability !== null) {
    return element("span", "reason", name, ` ${shown(value)}, seen in ${percent(reason.probability)} of its kind`);
  }
  const sign = reason.deviations > 0 ? "above" : "below";
  return element("span", "reason", name, ` ${shown(value)}, ${fixed(Math.abs(reason.deviations), 1)} sd ${sign} ${number(reason.expected)}`);
}

function why(record) {
  const anomaly = record.scored.anomaly;
  const reasons = anomaly && anomaly.reasons && anomaly.reasons.length ? anomaly.reasons : record.reasons;
  if (record.words) {
    return [element("span", "", Object.keys(record.words).join(" "))];
  }
  return reasons.length ? reasons.map(reason => said(record, reason)) : [element("span", "quiet", "unlikely as a whole, no single field")];
}

export function records(holder, title, now) {
  const scored = now.unlikely.some(record => record.scored.anomaly);
  title.textContent = scored ? "Anomalies as they come" : "Least likely records of the last minute";
  if (!now.unlikely.length) {
    holder.replaceChildren(element("p", "quiet", "None yet: records are compared once there is a model."));
    return;
  }
  const head = ["Time", "Key", scored ? "Score" : "Log-likelihood", "Why"];
  const table = element("table", "records", element("thead", "", element("tr", "", ...head.map((name, i) => {
    const cell = element("th", i === 2 ? "number" : "", name);
    cell.scope = "col";
    return cell;
  }))), element("tbody", "", ...now.unlikely.slice(0, SHOWN).map(record => element("tr", "four",
    element("td", "", time(record.time)),
    element("td", "", record.key || "–"),
    element("td", "number", record.scored.anomaly ? fixed(record.scored.anomaly.score, 3) : fixed(record.scored.logLikelihood, 2)),
    element("td", "reasons", ...why(record))))));
  holder.replaceChildren(table);
}

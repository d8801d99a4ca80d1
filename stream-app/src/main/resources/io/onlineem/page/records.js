/** Records that the model did not expect, newest first, and why. */

import {fixed, number, oneIn, percent, time, unexpected} from "./format.js";
import {element} from "./mixture.js";

const SHOWN = 10;

/** Smallest share of a surprise that is worth naming a field for. */
const WORTH_NAMING = 0.05;
const NAMED = 3;
const MOST_VALUES = 6;

function shown(value) {
  return typeof value === "string" ? `“${value}”` : number(value);
}

/** A field's part in an anomaly: what it was, what was expected given the others, and its share. */
function part({field, value, expected, low, high, share}) {
  const interval = low === undefined || high === undefined ? "" : ` (${number(low)} to ${number(high)})`;
  const instead = expected === undefined ? "" : `, expected ${shown(expected)}${interval}`;
  return element("span", "reason", element("b", "", field), ` ${shown(value)}${instead}: ${percent(share)} of it`);
}

/** What of a record is far from what the component nearest to it expects. */
function deviation(record, reason) {
  const value = record.values[reason.index];
  const name = element("b", "", reason.field);
  if (reason.probability !== undefined) {
    return element("span", "reason", name, ` ${shown(value)}, seen in ${percent(reason.probability)} of its kind`);
  }
  const sign = reason.deviations > 0 ? "above" : "below";
  return element("span", "reason", name, ` ${shown(value)}, ${fixed(Math.abs(reason.deviations), 1)} sd ${sign} ${number(reason.expected)}`);
}

/** The fields that account for most of an anomaly. */
export function reasons(explanation) {
  return explanation.reasons.filter(reason => reason.share >= WORTH_NAMING).slice(0, NAMED).map(part);
}

function why(record, features) {
  const explanation = record.scored.anomaly && record.scored.anomaly.explanation;
  const named = explanation ? reasons(explanation) : [];
  if (named.length) {
    return named;
  }
  if (record.words) {
    return [element("span", "", Object.keys(record.words).join(" "))];
  }
  return record.reasons.length
    ? record.reasons.map(reason => deviation(record, reason))
    : record.values.slice(0, MOST_VALUES).map((value, j) => element("span", "reason", element("b", "", features[j].name), ` ${shown(value)}`));
}

/** How unusual a record is: a score and how often that happens, or else its log-likelihood. */
function howUnusual(scored) {
  return scored.anomaly ? `${fixed(scored.anomaly.score, 2)}, ${oneIn(scored.anomaly.tailProbability)}` : fixed(scored.logLikelihood, 2);
}

export function records(holder, title, now) {
  const all = unexpected(now);
  title.textContent = now.anomalies.length ? "Records of incidents" : "Least likely records of the last minute";
  if (!all.length) {
    holder.replaceChildren(element("p", "quiet", "None yet: records are compared once there is a model."));
    return;
  }
  const head = ["Time", "Key", all.some(record => record.scored.anomaly) ? "Score" : "Log-likelihood", "Why"];
  holder.replaceChildren(element("table", "records", element("thead", "", element("tr", "", ...head.map((name, i) => {
    const cell = element("th", i === 2 ? "number" : "", name);
    cell.scope = "col";
    return cell;
  }))), element("tbody", "", ...all.slice(0, SHOWN).map(record => element("tr", "four",
    element("td", "", time(record.time)),
    element("td", "watched", record.key || "–"),
    element("td", "number", howUnusual(record.scored)),
    element("td", "reasons", ...why(record, now.features)))))));
}

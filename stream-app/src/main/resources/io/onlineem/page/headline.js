/** What is being learned and how it is going, in words. */

import {isOpen} from "./anomalies.js";
import {age, count, fixed, list, number, time} from "./format.js";

const FAMILIES = {
  gaussian: "Gaussians",
  "log-normal": "log-normal distributions",
  "student-t": "Student-t distributions",
  gamma: "gamma distributions",
  exponential: "exponential distributions",
  poisson: "Poisson distributions",
  binomial: "binomial distributions",
  bernoulli: "Bernoulli distributions",
  categorical: "categorical distributions",
  multinomial: "multinomials",
  "von-mises": "von Mises distributions",
  "linear-regression": "regressions",
};

function subject(now) {
  const fields = list(now.features.map(feature => feature.name), 4);
  switch (now.type) {
    case "hmm":
      return `a hidden Markov model with ${now.components} states, of ${fields}`;
    case "linear-gaussian":
      return `a ${now.options.preset ? `${now.options.preset.replace(/-/g, " ")} model` : "state space model"} of ${fields}`;
    case "lda":
      return `${now.components} topics of the texts in ${fields}`;
    case "incomplete-multinomial":
      return `the probabilities behind the counts of ${fields}`;
    default:
      return now.components === 1
        ? `one component of ${fields}`
        : `a mixture of ${now.components} ${FAMILIES[now.family] || "kinds of records"} of ${fields}`;
  }
}

/** What came in the last few seconds, a second. */
export function rate(now) {
  const last = now.recent.slice(-3);
  return last.length ? d3.mean(last, row => row[1] + row[2]) : 0;
}

/** Mean log-likelihood of the last moments in which there was any, of about a minute. */
export function likelihood(now) {
  const known = now.recent.filter(row => row[4] !== null).slice(-60);
  const records = d3.sum(known, row => row[1]);
  return records > 0 ? d3.sum(known, row => row[1] * row[4]) / records : NaN;
}

/** Moments with scored records. */
function known(rows) {
  return rows.filter(row => row[4] !== null && row[1] > 0);
}

/** By how much the likelihood differs between moments, 0 if that may be chance: if it is below 2.5 standard errors. */
function difference(early, late) {
  const [before, after] = [early, late].map(rows => rows.map(row => row[4]));
  const error = Math.sqrt((d3.variance(before) || 0) / before.length + (d3.variance(after) || 0) / after.length);
  const gained = d3.mean(after) - d3.mean(before);
  return Math.abs(gained) <= 2.5 * error ? 0 : gained;
}

/** Where the likelihood goes: the last third of two minutes beside the first. */
export function trend(rows) {
  const last = known(rows).slice(-120);
  if (last.length < 9) {
    return null;
  }
  const third = Math.floor(last.length / 3);
  const gained = difference(last.slice(0, third), last.slice(-third));
  return gained === 0 ? "steady" : gained > 0 ? "rising" : "falling";
}

function going(now) {
  const version = now.portrait && now.portrait.version;
  const perSecond = rate(now);
  const total = now.totals.scored + now.totals.warmingUp;
  if (now.state !== "RUNNING") {
    return [`The application is ${now.state.toLowerCase().replace(/_/g, " ")}.`];
  }
  if (!version) {
    return total === 0
      ? ["Waiting for the first records."]
      : [warmingUp(now)];
  }
  const parts = [`Version ${count(version)}, `];
  const open = now.incidents.filter(isOpen).length;
  parts.push(perSecond > 0 ? `${perSecond < 10 ? fixed(perSecond, 1) : count(perSecond)} records a second` : "no records right now");
  const direction = perSecond > 0 ? trend(now.recent) : null;
  if (direction) {
    parts.push(", likelihood ", {text: direction, className: direction});
  }
  if (open > 0) {
    parts.push(", ", {text: open === 1 ? "one incident open" : `${count(open)} incidents open`, className: "falling"});
  }
  parts.push(".");
  return parts;
}

function warmingUp(now) {
  const records = `Warming up: ${count(now.totals.warmingUp)}`;
  return now.warmUp && !now.perKey && now.totals.warmingUp < now.warmUp
    ? `${records} of the ${count(now.warmUp)} records that the first version is made of.`
    : `${records} records so far, the first version is on its way.`;
}

function meaning(now) {
  const text = "Every record is scored before it is learned from, so its log-likelihood is a prediction: higher is better.";
  const first = known(now.course || []).slice(0, 10);
  const last = known(now.recent).slice(-40);
  if (first.length < 10 || last.length < 40 || first[9][0] >= last[0][0]) {
    return text;
  }
  const gained = difference(first, last);
  const times = Math.exp(Math.abs(gained));
  return gained === 0 || times > 1e6
    ? text : `${text} A record is now ${number(times)} times ${gained > 0 ? "as likely as" : "less likely than"} in the beginning.`;
}

/** That learning is paused by a command, and since when. */
function pause(now) {
  if (now.learning !== "paused") {
    return [];
  }
  return now.pausedSince > 0
    ? [", has been ", {text: `paused since ${time(now.pausedSince)}`, className: "falling"}]
    : [", is ", {text: "paused", className: "falling"}];
}

export function headline(now) {
  const title = document.getElementById("headline");
  const said = [`Learning ${subject(now)}, from the Kafka topic ${now.topic}`, ...pause(now), ". ", ...going(now)];
  title.replaceChildren(...said.map(part => {
    if (typeof part === "string") {
      return part;
    }
    const span = document.createElement("span");
    span.className = part.className;
    span.textContent = part.text;
    return span;
  }));
  document.getElementById("subline").textContent = meaning(now);
  document.title = `${now.model}: ${title.textContent}`;
}

/** Five numbers. */
export function figures(now) {
  const portrait = now.portrait;
  const last = now.recent.at(-1) || [];
  const rejected = now.totals.rejected;
  const shown = [
    ["Records a second", count(rate(now)), ""],
    ["Waiting in the topic", last[5] === null || last[5] === undefined ? "–" : count(last[5]), ""],
    ["Log-likelihood, last minute", fixed(likelihood(now), 3), "nats"],
    ["Version", portrait ? count(portrait.version) : "–", portrait ? `${age(now.time - portrait.time)} old` : ""],
    ["Learned from", portrait ? count(portrait.observations) : "–", rejected ? `${count(rejected)} rejected` : "records"],
  ];
  document.getElementById("figures").replaceChildren(...shown.map(([name, value, more]) => {
    const cell = document.createElement("div");
    const term = document.createElement("dt");
    const figure = document.createElement("dd");
    const small = document.createElement("small");
    term.textContent = name;
    small.textContent = more ? ` ${more}` : "";
    figure.append(value, small);
    cell.append(term, figure);
    return cell;
  }));
}

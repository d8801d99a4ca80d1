/** The live page: what is being learned, and how it is going. */

import {AnomaliesView} from "./anomalies.js";
import {CellsView} from "./cells.js";
import {TimeChart} from "./charts.js";
import {Data} from "./data.js";
import {count} from "./format.js";
import {figures, headline} from "./headline.js";
import {LevelsView} from "./levels.js";
import {MixtureView} from "./mixture.js";
import {records} from "./records.js";
import {StatesView} from "./states.js";
import {TopicsView} from "./topics.js";

const COURSE_EVERY = 15;
const HALF_LIFE = 10000;
const THEME = "online-em-theme";

const at = id => document.getElementById(id);
const data = new Data();
const likelihood = new TimeChart(at("likelihood"), {label: "Mean log-likelihood of a record", smooth: HALF_LIFE});
const throughput = new TimeChart(at("throughput"), {label: "Records a second", zero: true, area: true});
const anomalies = new AnomaliesView(at("anomalies"));
const lag = new TimeChart(at("lag"), {label: "Records waiting in the topic", zero: true, area: true});

let view = null;
let viewed = null;
let past = null;
let sinceStart = false;
let seconds = 0;

function viewOf(now) {
  return {hmm: StatesView, "linear-gaussian": LevelsView, lda: TopicsView, "incomplete-multinomial": CellsView}[now.type] || MixtureView;
}

function show() {
  const now = data.now;
  at("application").textContent = now.application;
  headline(now);
  figures(now);
  courses(now);
  models(now);
  scrub(now);
  draw(now);
  anomalies.update(now);
  records(at("records"), at("records-title"), now);
  at("link-live").href = `/live?model=${encodeURIComponent(now.model)}`;
  at("link-model").href = `/models/${now.model.split("/").map(encodeURIComponent).join("/")}`;
}

function courses(now) {
  const rows = sinceStart ? now.course : now.recent;
  const marks = [];
  if (past) {
    marks.push([past.time, "marker"]);
  }
  likelihood.options.smooth = sinceStart && rows.length > 1 ? Math.max(HALF_LIFE, (rows.at(-1)[0] - rows[0][0]) / 40) : HALF_LIFE;
  likelihood.update(rows.map(row => [row[0], row[4], row[1]]), marks);
  throughput.update(rows.map(row => [row[0], row[1] + row[2]]));
  lag.update(rows.map(row => [row[0], row[5]]));
  anomalies.course(rows, now.incidents);
}

/** Draws the newest version, or the past one that was chosen. */
function draw(now) {
  const portrait = past || now.portrait;
  if (!portrait && (now.records.length === 0 || viewOf(now) !== MixtureView)) {
    return;
  }
  const drawn = `${now.model} ${portrait ? "drawn" : "empty"}`;
  if (viewed !== drawn) {
    viewed = drawn;
    view = new (viewOf(now))(at("drawing"), now, portrait, data);
  }
  view.update(now, portrait);
}

function scrub(now) {
  const versions = now.versions || [];
  at("scrub").hidden = versions.length < 2;
  const slider = at("version");
  const last = versions.length - 1;
  slider.max = Math.max(0, last);
  if (!past) {
    slider.value = last;
  } else {
    slider.value = Math.max(0, versions.findLastIndex(version => version[0] <= past.version));
  }
  const shown = past || now.portrait;
  at("version-shown").textContent = shown ? `${count(shown.version)} of ${count(now.portrait.version)}` : "";
  slider.setAttribute("aria-valuetext", shown ? `version ${shown.version}, after ${shown.observations} records` : "");
  at("newest").disabled = !past;
  document.body.classList.toggle("past", Boolean(past));
}

async function choose(index) {
  const versions = data.now.versions;
  if (index >= versions.length - 1) {
    past = null;
    show();
    return;
  }
  try {
    past = await data.portrait(versions[index][0]);
  } catch (error) {
    // it has been forgotten between two looks
    past = null;
  }
  show();
}

function models(now) {
  at("model-choice").hidden = !now.perKey || now.models.length < 2;
  const names = now.models.includes(now.model) || !now.perKey ? now.models : [now.model, ...now.models];
  const select = at("model");
  if ([...select.options].map(option => option.value).join("\n") !== names.join("\n")) {
    select.replaceChildren(...names.map(name => new Option(name, name)));
  }
  if (document.activeElement !== select) {
    select.value = now.model;
  }
}

function status(text, className) {
  at("status").textContent = text;
  at("status").className = `status ${className}`;
}

async function refreshCourse() {
  seconds++;
  if (sinceStart && seconds % COURSE_EVERY === 0) {
    data.now.course = await data.course();
  }
}

async function span(all) {
  sinceStart = all;
  at("span-all").setAttribute("aria-pressed", all);
  at("span-recent").setAttribute("aria-pressed", !all);
  if (all) {
    data.now.course = await data.course();
  }
  courses(data.now);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function theme(chosen) {
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  }
  at("theme").textContent = isDark() ? "Light" : "Dark";
}

theme(localStorage.getItem(THEME));
at("theme").addEventListener("click", () => {
  const chosen = isDark() ? "light" : "dark";
  localStorage.setItem(THEME, chosen);
  theme(chosen);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => theme());
at("span-recent").addEventListener("click", () => span(false));
at("span-all").addEventListener("click", () => span(true));
at("version").addEventListener("input", event => choose(Number(event.target.value)));
at("newest").addEventListener("click", () => choose(Infinity));
at("model").addEventListener("change", event => {
  past = null;
  data.turnTo(event.target.value);
});
data.addEventListener("change", () => {
  status(data.now.learning === "paused" ? "live, learning paused" : "live", data.now.learning === "paused" ? "paused" : "live");
  const now = data.now;
  if (now.perKey && now.models.length > 0 && !now.models.includes(now.model)) {
    // the first key has come
    data.turnTo(now.models[0]);
    return;
  }
  refreshCourse();
  show();
});
data.addEventListener("lost", event => status(`not connected: ${event.detail}`, "lost"));
data.turnTo(new URLSearchParams(location.search).get("model"));

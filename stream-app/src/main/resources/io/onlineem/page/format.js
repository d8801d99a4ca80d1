/** Numbers and times as they are read. */

const MINUS = "\u2212";

function signed(text) {
  return text.replace(/^-/, MINUS);
}

/** A number with about four digits. */
export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "–";
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    return signed(value.toExponential(2));
  }
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return signed(value.toLocaleString("en-GB", {maximumFractionDigits: decimals}));
}

/** A number with a fixed count of decimals, so that a column or a changing figure stays aligned. */
export function fixed(value, decimals) {
  return value === null || value === undefined || Number.isNaN(value)
    ? "–"
    : signed(value.toLocaleString("en-GB", {minimumFractionDigits: decimals, maximumFractionDigits: decimals}));
}

/** A whole number. */
export function count(value) {
  return value === null || value === undefined || Number.isNaN(value) ? "–" : Math.round(value).toLocaleString("en-GB");
}

export function percent(share) {
  const value = 100 * share;
  return (value > 0 && value < 0.1 ? "< 0.1" : value.toFixed(value < 9.95 ? 1 : 0)) + "\u202f%";
}

/** A duration in milliseconds in its largest unit. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 90) {
    return `${seconds} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}

/** A time of day, with the day if it was not today. */
export function time(milliseconds) {
  const date = new Date(milliseconds);
  const clock = date.toLocaleTimeString("en-GB");
  return date.toDateString() === new Date().toDateString() ? clock : `${date.toISOString().slice(0, 10)} ${clock}`;
}

/** Names as in a sentence: the first few, and how many more. */
export function list(names, most) {
  if (names.length <= most) {
    return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
  }
  return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;
}

/** The class that colours a component. */
export function colour(index) {
  return index === null || index === undefined || index < 0 ? "kn" : `k${index % 8}`;
}

/** How often something of a probability happens: one in so many. */
export function oneIn(probability) {
  if (!(probability > 0)) {
    return "never before";
  }
  const times = 1 / probability;
  return times < 10 ? percent(probability) : `1 in ${times < 1e7 ? count(Number(times.toPrecision(2))) : times.toExponential(0)}`;
}

/** Records that stand out: those of incidents, or where there are none the least likely ones. */
export function unexpected(now) {
  return now.anomalies.length ? now.anomalies : now.unlikely;
}

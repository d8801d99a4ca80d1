/** What the server tells of one model: a snapshot, and then what is new, second by second. */

const MOST_MOMENTS = 360;
const MOST_SAMPLES = 400;
const MOST_INCIDENTS = 20;
const RETRY = 3000;

/** Samples have numbers that grow; what came twice counts once. */
function newest(samples, more = []) {
  const last = samples.length ? samples[samples.length - 1].number : 0;
  return samples.concat(more.filter(sample => sample.number > last)).slice(-MOST_SAMPLES);
}

/** Incidents in the order in which they began; the newest alert of each counts. */
function told(incidents, more = []) {
  const all = new Map(incidents.concat(more).map(incident => [incident.alert.incident, incident]));
  return [...all.values()].slice(-MOST_INCIDENTS);
}

/** Reads a JSON object; throws an error with what the server says is wrong. */
async function read(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) {
    throw new Error(body.error);
  }
  return body;
}

export class Data extends EventTarget {
  constructor() {
    super();
    this.now = null;
    this.portraits = new Map();
    this.events = null;
    this.retry = null;
  }

  /** Turns to a model, or to whichever there is; and to the records of one of its sequences. */
  async turnTo(model, sequence) {
    this.leave();
    const query = new URLSearchParams();
    if (model) {
      query.set("model", model);
    }
    if (sequence) {
      query.set("sequence", sequence);
    }
    try {
      const first = await read(`/live?${query}`.replace(/\+/g, "%20"));
      this.now = {records: [], followed: [], unlikely: [], anomalies: [], incidents: [], ...first};
      this.portraits.clear();
      this.changed();
      this.listen();
    } catch (error) {
      this.lost(error.message);
      this.retry = setTimeout(() => this.turnTo(model, sequence), RETRY);
    }
  }

  leave() {
    clearTimeout(this.retry);
    if (this.events) {
      this.events.close();
      this.events = null;
    }
  }

  listen() {
    const query = `model=${encodeURIComponent(this.now.model)}&since=${this.now.moment}`;
    const events = new EventSource(`/events?${query}`);
    this.events = events;
    events.onmessage = message => this.hear(JSON.parse(message.data));
    events.addEventListener("gone", () => this.again());
    events.onerror = () => {
      // a stream that ends is opened again by the browser; one that is refused is not
      if (events.readyState === EventSource.CLOSED) {
        this.lost("no connection");
        this.again();
      }
    };
  }

  again() {
    this.leave();
    this.retry = setTimeout(() => this.turnTo(this.now.model), RETRY);
  }

  hear(news) {
    if (news.moment < this.now.moment) {
      // the application has started anew
      this.turnTo(this.now.model);
      return;
    }
    const before = this.now;
    this.now = {
      ...before,
      ...news,
      recent: before.recent.concat(news.recent.filter(row => row[0] > (before.recent.at(-1) || [0])[0])).slice(-MOST_MOMENTS),
      records: newest(before.records, news.records),
      incidents: told(before.incidents, news.incidents),
      followed: newest(news.sequence === before.sequence ? before.followed : [], news.followed),
    };
    this.changed();
  }

  /** A version as it is drawn. */
  async portrait(version) {
    if (!this.portraits.has(version)) {
      const query = `model=${encodeURIComponent(this.now.model)}&version=${version}`;
      this.portraits.set(version, await read(`/live/version?${query}`));
    }
    return this.portraits.get(version);
  }

  /** Moments since the start, the newest among them. */
  async course() {
    return (await read(`/live?model=${encodeURIComponent(this.now.model)}`)).course;
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  lost(reason) {
    this.dispatchEvent(new CustomEvent("lost", {detail: reason}));
  }
}

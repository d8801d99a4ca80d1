/** Topics with their most likely words, and what recent documents are about. */

import {colour, number, percent} from "./format.js";
import {element} from "./mixture.js";

const DOCUMENTS = 8;

export class TopicsView {
  constructor(holder) {
    this.topics = element("div", "topics");
    this.documents = element("table", "records");
    holder.replaceChildren(element("div", "stack", this.topics,
      element("div", "", element("h3", "", "Recent documents, each in the colour of its main topic"), this.documents)));
  }

  update(now, portrait) {
    if (!portrait || !portrait.topics) {
      return;
    }
    const topics = portrait.topics.slice().sort((one, other) => other.weight - one.weight);
    this.topics.replaceChildren(...topics.map(topic => {
      const most = topic.top.length ? topic.top[0].probability : 1;
      const words = topic.top.slice(0, 8).flatMap(({word, probability}) => {
        const fill = element("span", "bar-fill");
        fill.style.width = `${100 * probability / most}%`;
        const track = element("span", `bar-track ${colour(topic.index)}`, fill);
        track.title = percent(probability);
        return [element("span", "word", word), track];
      });
      return element("div", "", element("h3", colour(topic.index), element("span", "swatch"), `Topic ${topic.index}`,
        element("span", "quiet", ` · ${percent(topic.weight)} of all words`)), element("div", "words", ...words));
    }));
    const recent = now.records.filter(record => record.words && record.scored.posterior).slice(-DOCUMENTS).reverse();
    this.documents.replaceChildren(element("tbody", "", ...recent.map(record => {
      const share = record.scored.posterior[record.scored.component];
      return element("tr", "", element("td", colour(record.scored.component), element("span", "swatch"), `topic ${record.scored.component}`),
        element("td", "number", percent(share)), element("td", "reasons", Object.entries(record.words)
          .map(([word, times]) => times > 1 ? `${word} ×${number(times)}` : word).join(" ")));
    })));
  }
}

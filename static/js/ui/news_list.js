/** A list of articles on an open page: a new one that belongs there appears at its top, as the server would draw it. */

import { clockText, dayText } from "./clock.js";
import { PUBLISHED } from "./notices.js";

/** Tell whether an article belongs to a list about these races (ids; undefined: about everything). Pure. */
export const belongs = ({ raceId }, races) => races === undefined || races.split(" ").includes(raceId);

/** Return "Thu 26 Nov 2026, 14:05 GMT" in the zone, whose name now is `zoneWords`. Pure. */
export function momentText(at, zone, zoneWords) {
  const year = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric" }).format(new Date(at));
  return `${dayText(at, zone)} ${year}, ${clockText(at, zone)} ${zoneWords}`;
}

/** Keep a `[data-news]` list at its newest; each article is put up once. */
export function followNews(list) {
  const { newsRaces, newsMost, timeZone, zoneWords } = list.dataset;
  const template = list.parentElement.querySelector("template[data-article-template]");
  document.addEventListener(PUBLISHED, ({ detail }) => {
    const { told } = detail;
    if (!belongs(told, newsRaces)) return;
    // At the end of another page it is not seen to come.
    detail.listed = !list.closest(".beside");
    list.prepend(drawn(template, told, momentText(told.publishedAt, timeZone, zoneWords), newsRaces === undefined));
    while (newsMost && list.childElementCount > Number(newsMost)) list.lastElementChild.remove();
    list.closest("[data-news-section]").hidden = false;
    document.querySelector("[data-news-none]")?.remove();
  });
}

function drawn(template, { title, summary, url, raceId, publishedAt }, at, isOfAnything) {
  const item = template.content.cloneNode(true).firstElementChild;
  const [headline, short, dateline] = item.children;
  Object.assign(headline.firstElementChild, { textContent: title, href: url });
  short.textContent = summary;
  Object.assign(dateline.firstElementChild, { textContent: at, dateTime: publishedAt });
  if (raceId && isOfAnything) {
    dateline.append(Object.assign(document.createElement("a"), { textContent: "To the race", href: `/races/${raceId}` }));
  }
  return item;
}

/** Tells of what is published while the page is open: an article, or a word to this reader. */

import { Inbox } from "../live/inbox.js";
import { isOnDevice, isSeenSomewhere, saySeen, showOnDevice } from "./device_notices.js";
import { noticePlace, popsUp } from "./notice_place.js";
import { NoticeStrip } from "./notice_strip.js";
import { NoticeTabs } from "./notice_tabs.js";
import { isQuiet } from "./quiet_hours.js";
import { UnreadCount } from "./unread_count.js";

/**
 * Called on `document` for each notification, and for each new article as the wire has it: `{ told, listed }`. Who shows
 * it on the page sets `listed` to whether it does, or to a promise of that: it is not told there a second time.
 */
export const NOTIFIED = "offtime:notified";
export const PUBLISHED = "offtime:published";
/** What happens in a race is told by its title; the rest is in the notifications. */
const IN_ONE_LINE = ["race_status", "result", "non_runner", "declared"];
let isShowing = false;

/** Show what is published from now on, where the page has a place for it; asked twice, it is shown once. */
export function showNotices(live) {
  const element = document.querySelector("[data-notices]");
  if (!element || isShowing) return;
  isShowing = true;
  const tabs = new NoticeTabs((key) => strip.take(key));
  const strip = new NoticeStrip(element, (key) => tabs.say(key));
  const count = new UnreadCount(document.querySelectorAll("[data-unread]"), strip);
  const { newsAfter, notificationsAfter } = document.body.dataset;
  if (notificationsAfter !== undefined) saySeen();
  live.need();
  new Inbox({
    socket: live.connection.socket,
    newsAfter: idIn(newsAfter),
    notificationsAfter: idIn(notificationsAfter),
    article: (told) => tellArticle(strip, told),
    notification(told) {
      count.rise();
      tellReader(strip, told);
    },
  });
}

async function tellArticle(strip, told) {
  const isListed = await listed(PUBLISHED, told);
  if (noticePlace({ ...wishes(false), isListed }) === "page") {
    strip.add(`news-${told.id}`, { kind: "news", from: "News", title: told.title, body: "", href: told.url });
  } else if (isListed) sayListed(told);
}

async function tellReader(strip, told) {
  const { id, kind, title, url } = told;
  const body = IN_ONE_LINE.includes(kind) ? "" : told.body;
  // The address marks it as read on the way.
  const href = url === null ? null : `/notifications/${id}`;
  const isListed = await listed(NOTIFIED, told);
  const place = noticePlace({
    ...wishes(true),
    isListed,
    isHidden: document.visibilityState !== "visible",
    isOnDevice: isOnDevice(),
    isSeenElsewhere: isOnDevice() && (await isSeenSomewhere()),
  });
  const from = IN_ONE_LINE.includes(kind) ? "" : "For you";
  if (place === "page") strip.add(notificationKey(id), { kind: "notification", from, title, body, href });
  else if (place === "device") showOnDevice({ id, title, body: told.body }, href ?? "/notifications");
  else if (isListed) sayListed(told);
}

/** Tell the page; return whether it shows it itself. */
async function listed(name, told) {
  const detail = { told, listed: false };
  document.dispatchEvent(new CustomEvent(name, { detail }));
  return detail.listed;
}

/** A list that grows says nothing to who does not see it. */
function sayListed({ title }) {
  const { isQuiet, isUnwanted } = wishes(true);
  if (!isQuiet && !isUnwanted) document.querySelector("[data-notice-said]").textContent = title;
}

/** Return what the reader wants of this moment, as noticePlace takes it; `isOwn`: of what is told to this reader alone. */
function wishes(isOwn) {
  const { quietFrom, quietUntil, readerZone, popUps = "all" } = document.documentElement.dataset;
  const hours = { from: quietFrom, until: quietUntil, zone: readerZone };
  return { isQuiet: isQuiet(hours, Date.now()), isUnwanted: !popsUp(popUps, isOwn) };
}

const notificationKey = (id) => `notification-${id}`;
const idIn = (text) => (text === undefined || text === "" ? undefined : Number(text));

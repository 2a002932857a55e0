/** Tells of what is published while the page is open: an article, or a word to this reader. */

import { Inbox } from "../live/inbox.js";
import { isOnDevice, isSeenSomewhere, saySeen, showOnDevice } from "./device_notices.js";
import { noticePlace } from "./notice_place.js";
import { NoticeStrip } from "./notice_strip.js";
import { isQuiet } from "./quiet_hours.js";
import { UnreadCount } from "./unread_count.js";

/** Called on `document` after each notification, wherever it was shown. */
export const NOTIFIED = "offtime:notified";
/** Called on `document` with each new article as the wire has it. */
export const PUBLISHED = "offtime:published";
let isShowing = false;

/** Show what is published from now on, where the page has a place for it; asked twice, it is shown once. */
export function showNotices(live) {
  const element = document.querySelector("[data-notices]");
  if (!element || isShowing) return;
  isShowing = true;
  const [strip, count] = [new NoticeStrip(element), new UnreadCount(document.querySelectorAll("[data-unread]"))];
  const { newsAfter, notificationsAfter } = document.body.dataset;
  if (notificationsAfter !== undefined) saySeen();
  live.need();
  new Inbox({
    socket: live.connection.socket,
    newsAfter: idIn(newsAfter),
    notificationsAfter: idIn(notificationsAfter),
    article(told) {
      if (!isQuietNow()) strip.add("news", { from: "News", title: told.title, body: "", href: told.url });
      document.dispatchEvent(new CustomEvent(PUBLISHED, { detail: told }));
    },
    notification(told) {
      count.rise();
      tell(strip, told);
      document.dispatchEvent(new CustomEvent(NOTIFIED));
    },
  });
}

async function tell(strip, { id, title, body, url }) {
  // The address marks it as read on the way.
  const href = url === null ? null : `/notifications/${id}`;
  const place = noticePlace({
    isQuiet: isQuietNow(),
    isHidden: document.visibilityState !== "visible",
    isOnDevice: isOnDevice(),
    isSeenElsewhere: isOnDevice() && (await isSeenSomewhere()),
  });
  if (place === "page") strip.add("notification", { from: "For you", title, body, href });
  if (place === "device") showOnDevice({ id, title, body }, href ?? "/notifications");
}

function isQuietNow() {
  const { quietFrom, quietUntil, readerZone } = document.documentElement.dataset;
  return isQuiet({ from: quietFrom, until: quietUntil, zone: readerZone }, Date.now());
}

const idIn = (text) => (text === undefined || text === "" ? undefined : Number(text));

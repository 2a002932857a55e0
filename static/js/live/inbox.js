/**
 * News and notifications: each is handed on once, in the order of publication, whether it was published while the page
 * was connected or while it was not. No document; over a socket.
 */

import { Lane } from "./lane.js";

const ANSWER_DUE_MS = 10_000;
const LOST_IDENTITY = ["token_expired", "token_invalid", "unauthorized"];

export class Inbox {
  #articles;
  #notifications;
  #isSomebody;
  #asked = 0;

  /**
   * `newsAfter` and `notificationsAfter` are the newest ids that the page was drawn with; undefined where it does not
   * say, as to nobody of notifications. `article(payload)` and `notification(payload)` get each new one.
   */
  constructor({ socket, newsAfter, notificationsAfter, article = () => {}, notification = () => {} }) {
    this.socket = socket;
    this.#articles = new Lane(newsAfter, article);
    this.#notifications = new Lane(notificationsAfter, notification);
    this.#isSomebody = notificationsAfter !== undefined;
    this.#listen();
    if (socket.connected) this.#replay();
  }

  #listen() {
    const { socket } = this;
    socket.on("news_update", ({ payload }) => this.#articles.take(payload));
    socket.on("notification", ({ payload }) => this.#notifications.take(payload));
    socket.on("connect", () => {
      // It may be by a new cookie; where it is nobody's still, the answer says so.
      this.#isSomebody ||= this.#notifications.last !== undefined;
      this.#replay();
    });
    socket.on("disconnect", () => this.#lost());
    socket.on("authenticated", () => {
      this.#isSomebody = true;
      this.#replay();
    });
    socket.on("error", ({ type, event }) => {
      if (!event && LOST_IDENTITY.includes(type)) this.#isSomebody = false;
    });
  }

  #lost() {
    this.#asked += 1;
    for (const lane of [this.#articles, this.#notifications]) lane.forget();
  }

  /** Ask for what was missed. Until the answer what comes is held, since it may be newer than what is missing. */
  #replay() {
    const [news, notifications] = [this.#articles.last, this.#isSomebody ? this.#notifications.last : undefined];
    this.#asked += 1;
    if (news === undefined && notifications === undefined) return;
    const asked = this.#asked;
    const after = {};
    if (news !== undefined) after.newsAfter = this.#articles.hold();
    if (notifications !== undefined) after.notificationsAfter = this.#notifications.hold();
    this.socket.timeout(ANSWER_DUE_MS).emit("replay", after, (error, answer) => {
      if (asked !== this.#asked) return; // the connection it was asked on is gone, or it was asked again since
      if (error) this.#replay();
      else this.#answered(answer);
    });
  }

  #answered(answer) {
    if (answer.more === undefined) {
      this.#refused(answer);
      return;
    }
    const { news, notifications, more } = answer;
    this.#articles.release(news, more);
    this.#notifications.release(notifications, more);
    if (more) this.#replay();
  }

  #refused({ type, retryAfterMs }) {
    if (LOST_IDENTITY.includes(type) && this.#isSomebody) {
      this.#isSomebody = false;
      this.#notifications.forget();
      this.#replay();
      return;
    }
    const asked = this.#asked;
    setTimeout(() => asked === this.#asked && this.#replay(), retryAfterMs ?? ANSWER_DUE_MS);
  }
}

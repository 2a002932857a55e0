/** The news pages, and the pages of races and meetings that list their news: what is published appears there. */

import { pageLive } from "./live/watch.js";
import { followNews } from "./ui/news_list.js";
import { showNotices } from "./ui/notices.js";

for (const list of document.querySelectorAll("[data-news]")) followNews(list);
showNotices(pageLive());

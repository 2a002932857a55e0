/** What the reader watches: the races live, the rest drawn anew when something happened to it. */

import { refresher } from "./next_races_page.js";
import { NOTIFIED } from "./ui/notices.js";

document.addEventListener(NOTIFIED, () => refresher.touch());

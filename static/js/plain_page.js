/** A page without live prices: notices, the reader's own clock, the format of its prices. */

import { pageLive } from "./live/watch.js";
import { showNotices } from "./ui/notices.js";
import { useOddsFormat } from "./ui/odds_format.js";
import { showReaderTimes } from "./ui/reader_time.js";

useOddsFormat();
showReaderTimes();
showNotices(pageLive());

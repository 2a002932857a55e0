/** Times in a course's zone. Pure. */

const formats = new Map();

function format(zone, options) {
  const key = `${zone}${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  }
  return formats.get(key);
}

/** Return "14:05" in the zone; `at` is a Date, ms or a wire timestamp. */
export const clockText = (at, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));

/** Return "14:05:09" in the zone. */
export const secondsText = (at, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(at));

/** Return "Thu 26 Nov" in the zone, with the year where it is not that of `now`. */
export function dayText(at, zone, now = at) {
  const parts = format(zone, { weekday: "short", day: "numeric", month: "short" }).formatToParts(new Date(at));
  const part = (type) => parts.find((each) => each.type === type).value;
  const [year, thisYear] = [at, now].map((moment) => format(zone, { year: "numeric" }).format(new Date(moment)));
  return `${part("weekday")} ${part("day")} ${part("month").slice(0, 3)}${year === thisYear ? "" : ` ${year}`}`;
}

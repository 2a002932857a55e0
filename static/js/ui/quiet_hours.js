/** Whether a reader is not to be disturbed now. Pure. */

const MINUTES = /^([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Tell whether `at` (ms) lies in the quiet hours: from `from`, up to but without `until` ("22:00", "07:30"), on the clock
 * of `zone` (undefined: the device's). Hours that end before they begin run over midnight; without hours nothing is quiet.
 */
export function isQuiet({ from, until, zone }, at) {
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  if (begin === null || end === null) return false;
  const now = minutesOf(clock(zone, at));
  return begin < end ? begin <= now && now < end : now >= begin || now < end;
}

function minutesOf(text) {
  const [, hours, minutes] = MINUTES.exec(text ?? "") ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

const clock = (zone, at) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

/** Times as Slack words them, in the browser's own time zone. */

const LOCALE = "en-US";
const DAY_MS = 86_400_000;

const as = (date, options) => new Intl.DateTimeFormat(LOCALE, options).format(date);

/** A message's ts ("seconds.micro") as a Date. */
export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

/** "9:41 AM" */
export function clock(date) {
  return as(date, { hour: "numeric", minute: "2-digit" });
}

/** The day a moment falls on, as a comparable key. */
export function dayKey(date) {
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

function daysAgo(date) {
  const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((midnight(new Date()) - midnight(date)) / DAY_MS);
}

function ordinal(day) {
  const tail = day % 100 > 10 && day % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${tail}`;
}

const yearIfOther = (date) => (date.getFullYear() === new Date().getFullYear() ? "" : `, ${date.getFullYear()}`);

/** "Today", "Yesterday", "Tomorrow", or `otherwise`. */
function pretty(date, otherwise) {
  return { 0: "Today", 1: "Yesterday", "-1": "Tomorrow" }[daysAgo(date)] ?? otherwise;
}

/** The words on the line between two days: "Today", "Yesterday", "Monday, June 3rd". */
export function dayDivider(date) {
  return pretty(date, longDay(date));
}

function longDay(date) {
  const [weekday, month] = [as(date, { weekday: "long" }), as(date, { month: "long" })];
  return `${weekday}, ${month} ${ordinal(date.getDate())}${yearIfOther(date)}`;
}

/** The full moment, for tooltips: "Today at 9:41:07 AM". */
export function fullMoment(date) {
  return `${pretty(date, longDay(date))} at ${as(date, { hour: "numeric", minute: "2-digit", second: "2-digit" })}`;
}

/** "just now", "5 minutes ago", "in 2 hours", "3 days ago" */
function ago(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const format = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  for (const [unit, size] of [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ]) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}

const DATE_TOKENS = {
  date_num: (d) =>
    `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`,
  date: (d) => `${as(d, { month: "long" })} ${ordinal(d.getDate())}, ${d.getFullYear()}`,
  date_short: (d) => as(d, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (d) =>
    `${as(d, { weekday: "long" })}, ${as(d, { month: "long" })} ${ordinal(d.getDate())}, ${d.getFullYear()}`,
  time: clock,
  time_secs: (d) => as(d, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
  day_divider_pretty: dayDivider,
};

/** Fills Slack's date tokens ({date_short_pretty}, {time}, ...); an unknown token answers null: show the fallback. */
export function formatDate(seconds, format) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (_, token) => {
    const base = token.replace(/(?<=^date(?:_\w+)?)_pretty$/, "");
    const make = DATE_TOKENS[token] ?? DATE_TOKENS[base];
    if (!make) known = false;
    return make
      ? token === base
        ? make(date)
        : pretty(date, make(date)).replace(/^T|^Y/, (c) => c.toLowerCase())
      : "";
  });
  return known ? text.replace(/^./, (c) => c.toUpperCase()) : null;
}

/** When a thread was last replied to: "Today at 9:41 AM", "3 days ago". */
export function lastReply(date) {
  const days = daysAgo(date);
  if (days <= 1) return `${days === 0 ? "Today" : "Yesterday"} at ${clock(date)}`;
  return `${days} days ago`;
}

// A reminder that says nothing: a calendar file made on the device, with a title that could be anybody's.

const MINUTE = 60_000;
const LENGTH_MINUTES = 15;

function two(number) {
  return String(number).padStart(2, "0");
}

/** Local time without a zone, so that it rings at this hour wherever she is. */
function floating(date) {
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}T${two(date.getHours())}${two(date.getMinutes())}00`;
}

function stamp(date) {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/gu, "")}Z`;
}

/** RFC 5545: what separates in a calendar is written with a backslash. */
function quoted(text) {
  return text.replaceAll(/[\\;,]/gu, (sign) => `\\${sign}`).replaceAll(/\s+/gu, " ").trim();
}

/** Lines hold at most 75 bytes; what is longer goes on after a blank. */
function folded(line) {
  const encoder = new TextEncoder();
  const lines = [""];
  for (const letter of line) {
    if (encoder.encode(lines.at(-1) + letter).length > 73) lines.push(" ");
    lines[lines.length - 1] += letter;
  }
  return lines.join("\r\n");
}

/** The day `days` from `now`, at "HH:MM". */
export function dayAt(now, days, time) {
  const [hour, minute] = time.split(":").map(Number);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute);
}

/** The file's text. It holds the title and the time, and nothing of where it comes from. */
export function calendarFile({ title, at, now, id }) {
  const until = new Date(at.getTime() + LENGTH_MINUTES * MINUTE);
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Calendar//EN",
    "BEGIN:VEVENT",
    `UID:${id}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${floating(at)}`,
    `DTEND:${floating(until)}`,
    folded(`SUMMARY:${quoted(title)}`),
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    folded(`DESCRIPTION:${quoted(title)}`),
    "TRIGGER:PT0S",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

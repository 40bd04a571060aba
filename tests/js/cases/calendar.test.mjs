import assert from "node:assert/strict";
import { test } from "node:test";
import { calendarFile, dayAt } from "../../../cases/static/cases/calendar.js";

const now = new Date(2026, 10, 22, 21, 5, 9);
const made = (title, at = dayAt(now, 2, "16:30")) => calendarFile({ title, at, now, id: "0f8f" });

test("it is an entry that any calendar reads, at her own hour", () => {
  const lines = made("Maths revision").split("\r\n");
  assert.equal(lines[0], "BEGIN:VCALENDAR");
  assert.equal(lines.at(-2), "END:VCALENDAR");
  assert.ok(lines.includes("SUMMARY:Maths revision"));
  assert.ok(lines.includes("DTSTART:20261124T163000"));
  assert.ok(lines.includes("DTEND:20261124T164500"));
  assert.match(lines.find((line) => line.startsWith("DTSTAMP:")), /^DTSTAMP:\d{8}T\d{6}Z$/);
  assert.ok(lines.includes("BEGIN:VALARM"));
});

test("it says nothing of where it comes from", () => {
  assert.doesNotMatch(made("Maths revision"), /reclaim|http|url|organizer|location|code/iu);
});

test("days go on over the end of a month and of a year", () => {
  assert.deepEqual(dayAt(new Date(2026, 11, 31, 23, 0), 1, "07:05"), new Date(2027, 0, 1, 7, 5));
});

test("what separates is written with a backslash, and no line can be added", () => {
  const text = made("Bread; milk, eggs \\ tea\r\nDESCRIPTION:x");
  assert.ok(text.includes("SUMMARY:Bread\\; milk\\, eggs \\\\ tea DESCRIPTION:x"));
});

test("long lines are folded at 75 bytes and read back the same", () => {
  const title = "Révision ".repeat(30).trim();
  const text = made(title);
  for (const line of text.split("\r\n")) assert.ok(new TextEncoder().encode(line).length <= 75, line);
  assert.ok(text.replaceAll("\r\n ", "").includes(`SUMMARY:${title}`));
});

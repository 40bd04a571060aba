import assert from "node:assert/strict";
import { test } from "node:test";
import { isTouched, noAnswers, reportBody } from "../../../cases/static/cases/answers.js";

const file = { id: "file-1", kind: "image", name: "holiday.jpg", problem: null, fingerprints: [{ algorithm: "md5", value: "ab", variant: "original", path: "/secret" }] };

test("what was left out is not sent", () => {
  assert.deepEqual(reportBody(noAnswers(), [file], "en"), {
    language: "en",
    media: [{ kind: "image", fingerprints: [{ algorithm: "md5", value: "ab", quality: null, variant: "original" }] }],
  });
});

test("what was answered is sent, No as well as Yes", () => {
  const answers = { ...noAnswers(), subject: "self_minor", in_danger: false, threatened: true, deadline: "today", platforms: ["loopfeed"], elsewhere: true };
  const { media, ...rest } = reportBody(answers, [file], "en");
  assert.deepEqual(rest, { subject: "self_minor", in_danger: false, threatened: true, deadline: "today", platforms: ["loopfeed"], elsewhere: true, language: "en" });
});

test("a deadline without a threat is not sent", () => {
  assert.equal("deadline" in reportBody({ ...noAnswers(), threatened: false, deadline: "today" }, [file], "en"), false);
});

test("a page nobody touched may be left without a question", () => {
  assert.equal(isTouched(noAnswers(), []), false);
  assert.equal(isTouched(noAnswers(), [file]), true);
  assert.equal(isTouched({ ...noAnswers(), platforms: ["loopfeed"] }, []), true);
});

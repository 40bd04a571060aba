import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { newKey, post, Refused } from "../../../cases/static/cases/api.js";

// A real server that answers from a list: a status, or null for a connection that breaks.
const heard = [];
let answers = [];
let address;
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    heard.push({ key: request.headers["idempotency-key"], body: Buffer.concat(parts).toString() });
    const [status, told] = answers.shift();
    if (status === null) request.socket.destroy();
    else response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(told));
  });
});

before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${server.address().port}/`;
});
after(() => server.close());
beforeEach(() => (heard.length = 0));

test("a lost answer and a server in trouble: the same key and the same bytes again", async () => {
  answers = [[null], [503, {}], [201, { access_code: "CODE" }]];
  const states = [];
  const told = await post(address, { media: [1, 2] }, { key: newKey(), onState: (state) => states.push(state) });
  assert.equal(told.access_code, "CODE");
  assert.equal(heard.length, 3);
  assert.equal(new Set(heard.map(({ key, body }) => `${key} ${body}`)).size, 1);
  assert.deepEqual(states, ["sending", "again", "sending", "again", "sending"]);
});

test("a refusal is not repeated and keeps what the server said", async () => {
  answers = [[400, { detail: "Too many.", errors: [{ field: "media", code: "max_length", detail: "Too many." }] }]];
  const refused = await post(address, {}).catch((error) => error);
  assert.ok(refused instanceof Refused);
  assert.equal(refused.status, 400);
  assert.equal(refused.errors[0].field, "media");
  assert.equal(heard.length, 1);
});

test("keys are long, random and made of what the server takes", () => {
  const keys = Array.from({ length: 100 }, newKey);
  assert.equal(new Set(keys).size, 100);
  for (const key of keys) assert.match(key, /^[A-Za-z0-9_-]{32}$/);
});

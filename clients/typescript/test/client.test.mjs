// Against a running demo: BASE_URL and TOKEN in the environment. What cannot be had from a demo comes from a fetch of our own.
import assert from "node:assert/strict";
import test from "node:test";
import { Client, Conflict, Forbidden, InvalidRequest, NotFound, OutcomeUnknown, Problem, StreamBroken, Unauthorized, Unavailable } from "../dist/index.js";

const { BASE_URL: baseUrl, TOKEN: token } = process.env;
const client = new Client({ baseUrl, token, retry: { sleep: async () => {} } });
const worker = { authority: { code: "15101", name: "Jobcenter Eksempel", organisationType: 8 }, caseWorker: { givenName: "Mette", surname: "Sørensen", identifier: "mbs" } };
const interview = () => ({ interviewType: 7, responsibleAuthority: worker, interviewTime: new Date(Date.now() - 3_600_000).toISOString(), contactType: 1, withMoreAuthorities: false, agreementDescription: "Two applications a week." });
const answer = (status, body, headers = {}) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", ...headers } });

/** A client whose gateway gives these answers one after the other, and what it was asked. */
function scripted(...answers) {
  const asked = [];
  const fetch = async (url, init) => {
    asked.push({ url, init });
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  return { asked, client: new Client({ baseUrl: "http://gateway", token: () => "t", fetch, retry: { sleep: async () => {} } }) };
}

test("a look-up answers what the document says", async () => {
  const { data, status } = await client.call("getYouthContacts", { path: { cpr: "0506085001" } });
  assert.equal(status, 200);
  assert.ok(data.contacts.length > 0);
});

test("a write has a key, and its repeat under that key is not sent again", async () => {
  const key = crypto.randomUUID();
  const input = { path: { cpr: "0708850001" }, body: interview(), idempotencyKey: key };
  const first = await client.call("createInterview", input);
  const second = await client.call("createInterview", input);
  assert.deepEqual([first.status, first.replayed, second.replayed], [201, false, true]);
  assert.equal(first.data.messageIdentifier, second.data.messageIdentifier);
});

test("refusals are classes", async () => {
  const refused = async (kind, name, call) => {
    const problem = await call.then(() => assert.fail("not refused"), (error) => error);
    assert.ok(problem instanceof kind && problem instanceof Problem, `${problem}`);
    if (name) assert.equal(problem.kind, name);
  };
  await refused(InvalidRequest, "validation-failed", client.call("createInterview", { path: { cpr: "0708850001" }, body: {} }));
  await refused(NotFound, null, client.call("getYouthContacts", { path: { cpr: "0101010101" } }));
  await refused(Conflict, "category-conflicts-with-enrollment", client.call("createCategory", { path: { cpr: "0708850001" }, body: { categoryType: 4, incidentDate: new Date(Date.now() - 3_600_000).toISOString() } }));
  await refused(Unauthorized, null, new Client({ baseUrl, token: "x" }).call("getYouthContacts", { path: { cpr: "0506085001" } }));
  await refused(Forbidden, null, client.call("getYouthContacts", { path: { cpr: "0506085001" }, headers: { "X-Authority": "jobcenter:9" } }));
});

test("what may succeed later is repeated, a write under the same key", async () => {
  const busy = { type: "/problems/overloaded", title: "Overloaded", status: 503, retryable: true, outcome: "not-executed" };
  const { asked, client } = scripted(answer(503, busy, { "Retry-After": "1" }), new TypeError("fetch failed"), answer(201, { messageIdentifier: "m" }));
  const { status } = await client.call("createInterview", { path: { cpr: "0708850001" }, body: interview() });
  assert.equal(status, 201);
  assert.equal(new Set(asked.map(({ init }) => init.headers.get("Idempotency-Key"))).size, 1);
  assert.equal(asked.length, 3);
});

test("what nobody knows is not repeated", async () => {
  const unknown = { type: "/problems/upstream-timeout", title: "Timeout", status: 504, retryable: true, outcome: "unknown" };
  const { asked, client } = scripted(answer(504, unknown));
  await assert.rejects(client.call("createInterview", { path: { cpr: "0708850001" }, body: interview() }), OutcomeUnknown);
  assert.equal(asked.length, 1);
  const refused = { type: "/problems/upstream-malformed", title: "Malformed", status: 502, retryable: false };
  const other = scripted(answer(502, refused));
  await assert.rejects(other.client.call("getYouthContacts", { path: { cpr: "0506085001" } }), Unavailable);
  assert.equal(other.asked.length, 1);
});

test("pages follow each other to the last", async () => {
  const pages = [];
  for await (const page of client.changePages({ since: "2026-01-01T00:00:00Z" })) pages.push(page);
  assert.ok(pages.length > 0 && pages.at(-1).hasMore === false);
  assert.ok(pages.at(-1).nextCursor);
});

test("a stream gives items and then where to go on", async () => {
  await fetch(`${baseUrl}/sandbox/reset`, { method: "POST" });
  const stream = client.changes({ since: "2026-01-01T00:00:00Z" });
  const items = [];
  let next = await stream.next();
  for (; !next.done; next = await stream.next()) items.push(next.value);
  assert.ok(items.length > 0 && items.every((item) => item.cpr));
  assert.equal(typeof next.value, "string");
});

test("a stream that breaks says where to go on", async () => {
  const lines = [{ cpr: "1" }, { problem: { title: "Away", status: 502 }, nextCursor: "c" }];
  const { client } = scripted(new Response(lines.map((line) => JSON.stringify(line)).join("\n")), new Response('{"cpr":"1"}\n'));
  const all = async () => { for await (const _ of client.changes({ since: "2026-01-01T00:00:00Z" })); };
  await assert.rejects(all(), (error) => error instanceof StreamBroken && error.nextCursor === "c");
  await assert.rejects(all(), StreamBroken);
});

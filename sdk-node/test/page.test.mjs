// Lists: one page, or all of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AgentPlatformError, NotFoundError, Page } from "agent-platform-sdk";

import { json, problem, serve } from "./scripted_server.mjs";

const PAGES = {
  "/agents?limit=2": { data: [{ name: "a" }, { name: "b" }], has_more: true, next_cursor: "c 1" },
  "/agents?limit=2&cursor=c%201": { data: [{ name: "c" }], has_more: true, next_cursor: "c2" },
  "/agents?limit=2&cursor=c2": { data: [{ name: "d" }], has_more: false, next_cursor: null },
};

const lists = (t) =>
  serve(t, (request, response) => {
    const page = PAGES[request.url.replace("+", "%20")];
    return page ? json(response, 200, page) : problem(response, 404, "not_found");
  });

async function names(agents) {
  const all = [];
  for await (const agent of agents) all.push(agent.name);
  return all.join("");
}

test("awaited, a list is its first page", async (t) => {
  const server = await lists(t);
  const page = await server.client().listAgents({ limit: 2 });

  assert.ok(page instanceof Page);
  assert.deepEqual(page.data, [{ name: "a" }, { name: "b" }]);
  assert.equal(page.has_more, true);
  assert.equal(page.next_cursor, "c 1");
  assert.equal(server.requests.length, 1);
  assert.deepEqual(JSON.parse(JSON.stringify(page)), PAGES["/agents?limit=2"]);
});

test("iterated over, it is the items of all pages", async (t) => {
  const server = await lists(t);
  assert.equal(await names(server.client().listAgents({ limit: 2 })), "abcd");
  assert.equal(server.requests.length, 3);
});

test("a page goes on to the pages after it, each with the options of the first", async (t) => {
  const server = await lists(t);
  const first = await server.client().listAgents({ limit: 2 }, { headers: { "x-team": "one" } });
  const second = await first.getNextPage();

  assert.deepEqual(second.data, [{ name: "c" }]);
  assert.equal(await names(second), "cd");
  assert.equal(await names(first), "abcd");
  assert.equal(await (await second.getNextPage()).getNextPage(), null);
  assert.ok(server.requests.every((request) => request.headers["x-team"] === "one"));
});

test("who leaves the loop asks for no further page", async (t) => {
  const server = await lists(t);
  for await (const agent of server.client().listAgents({ limit: 2 })) if (agent.name === "b") break;
  assert.equal(server.requests.length, 1);
});

test("withResponse of a list has the page", async (t) => {
  const server = await lists(t);
  const { data, status_code } = await server.client().listAgents({ limit: 2 }).withResponse();
  assert.equal(data.next_cursor, "c 1");
  assert.equal(status_code, 200);
});

test("an error ends the loop", async (t) => {
  const server = await lists(t);
  await assert.rejects(names(server.client().listAgents({ limit: 9 })), NotFoundError);
});

for (const [what, page, message] of [
  ["has no data", { has_more: false }, /no page of a list: it has no proper data$/],
  ["does not say whether there is more", { data: [] }, /no page of a list: it has no proper has_more$/],
  ["says there is more without a cursor", { data: [], has_more: true }, /says there is more, and not where$/],
  ["says there is more at null", { data: [], has_more: true, next_cursor: null }, /says there is more, and not where$/],
  ["leads to itself", { data: [], has_more: true, next_cursor: "two" }, /says there is more, and not where$/],
]) {
  test(`a page that ${what} is an error`, async (t) => {
    const first = { data: [{ name: "a" }], has_more: true, next_cursor: "two" };
    const server = await serve(t, (_, response, number) => json(response, 200, number === 0 ? first : page));
    const seen = [];
    const walk = async () => {
      for await (const agent of server.client().listAgents()) seen.push(agent.name);
    };
    await assert.rejects(walk, (error) => {
      assert.equal(error.constructor, AgentPlatformError);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(seen, ["a"]);
    assert.equal(server.requests.length, 2);
  });
}

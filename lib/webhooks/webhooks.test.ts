import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { type Actor, systemActor } from "../access/actor.ts";
import { claimChampion } from "../champions/claim.ts";
import { signClaim } from "../champions/sign-offs.ts";
import { accuracyRule, newAnswering } from "../champions/test-champion.ts";
import { doJobs, newManifestOf } from "../evaluations/test-evaluation.ts";
import { newMember, newProject, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { isInside } from "./addresses.ts";
import { signatureOf } from "./deliver.ts";
import { allowHost, refuseHost } from "./hosts.ts";
import { announce, createWebhook, listDeliveries, removeWebhook } from "./webhooks.ts";

prepareWorkspace();

type Received = { path: string; headers: IncomingMessage["headers"]; body: string };
const received: Received[] = [];
let answer: (response: ServerResponse) => void;
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (piece: Buffer) => {
    body += piece.toString();
  });
  request.on("end", () => {
    received.push({ path: request.url!, headers: request.headers, body });
    answer(response);
  });
});
let port: number;
let admin: Actor;
let project: Project;

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  port = (receiver.address() as AddressInfo).port;
  admin = (await newMember("admin")).actor;
});
beforeEach(async () => {
  received.length = 0;
  answer = (response) => response.end("ok");
  project = await newProject();
  await allowHost(admin, { host: "127.0.0.1", allowsPrivate: true });
});
afterAll(() => new Promise<void>((resolve) => receiver.close(() => resolve())));

const hook = (path = "/hook", format = "generic") =>
  createWebhook(admin, project.id, { url: `http://127.0.0.1:${port}${path}`, format });
const say = (name = "a run") =>
  connections().db.transaction((tx) =>
    announce(tx, project.id, {
      event: "run.rule",
      at: new Date().toISOString(),
      project: { id: project.id, slug: project.slug },
      rule: { id: project.id, event: "failed", metric: null },
      run: { id: project.id, name },
      url: "http://holdout.test/projects/x",
    }),
  );
const log = async () =>
  (await listDeliveries(admin, project.id)).map(({ status, attempts, answered }) => [status, attempts, answered]);
/** As if the pause before the next attempt were over. */
const hurry = () => connections().sql`update jobs set not_before = now() where status = 'queued'`;

test("a change of champion is sent once to each webhook, signed, and without a number or a word of anybody", async () => {
  const { secret } = await hook();
  const [{ actor: ada }, { actor: ben }] = [await newMember("member"), await newMember("member")];
  const keys = ["a", "b", "c", "d"];
  const samples = keys.map((key, at) => ({ key, split: "test" as const, label: at % 2 === 0 ? "cat" : "dog" }));
  const manifest = await newManifestOf(project, samples);
  const { run, evaluation } = await newAnswering(project, {
    manifest,
    split: "test",
    keys,
    answers: ["cat", "dog", "cat", "cat"],
  });
  const rule = { ...accuracyRule, split: "test" as const };
  const claim = await claimChampion(ada, project.id, { run, evidence: [evaluation], rule, reason: "it has 0.75" });
  await doJobs();
  expect(received).toHaveLength(1);
  const [{ headers, body }] = received as [Received];
  expect(JSON.parse(body)).toMatchObject({
    event: "champion.changed",
    manifest: manifest.id,
    champion: { claim, run },
  });
  expect(body).not.toMatch(/0\.75|accuracy/);
  const timestamp = String(headers["x-holdout-timestamp"]);
  expect(headers["x-holdout-signature"]).toBe(`sha256=${signatureOf(secret, timestamp, body)}`);
  await signClaim(ben, project.id, claim, { approves: true });
  await doJobs();
  expect(received).toHaveLength(1);
  await signClaim(ben, project.id, claim, { approves: false, word: "no" });
  await doJobs();
  expect(JSON.parse(received[1]!.body)).toMatchObject({ champion: null, before: { claim } });
  expect(await log()).toEqual([
    ["delivered", 1, 200],
    ["delivered", 1, 200],
  ]);
});

test("an answer that isn't 2xx is tried again after a pause, and given up after eight", async () => {
  await hook();
  answer = (response) => response.writeHead(500).end();
  await say();
  await doJobs();
  expect(await log()).toEqual([["waiting", 1, 500]]);
  await doJobs();
  expect(received).toHaveLength(1);
  await hurry();
  answer = (response) => response.end();
  await doJobs();
  expect(await log()).toEqual([["delivered", 2, 200]]);
  answer = (response) => response.writeHead(503).end();
  await say();
  for (let attempt = 0; attempt < 10; attempt++) {
    await doJobs();
    await hurry();
  }
  expect((await log())[0]).toEqual(["failed", 8, 503]);
});

test("a webhook of Slack's format is sent one line, in which a name can make no link or mention", async () => {
  await hook("/slack", "slack");
  await say("<!channel> & <http://elsewhere|here>|x");
  await doJobs();
  expect(JSON.parse(received[0]!.body)).toEqual({
    text: `${project.slug}: <http://holdout.test/projects/x|&lt;!channel&gt; &amp; &lt;http://elsewhere¦here&gt;¦x failed>`,
  });
});

test("a redirect isn't followed", async () => {
  await hook();
  answer = (response) => response.writeHead(302, { location: "/elsewhere" }).end();
  await say();
  await doJobs();
  expect(received.map(({ path }) => path)).toEqual(["/hook"]);
  expect(await log()).toEqual([["waiting", 1, 302]]);
});

test("nothing is sent to a host that is no longer listed, at an inside address that isn't allowed, or of a removed webhook", async () => {
  const { id } = await hook();
  await say();
  await refuseHost(admin, "127.0.0.1");
  await doJobs();
  await allowHost(admin, { host: "127.0.0.1", allowsPrivate: false });
  await hurry();
  await doJobs();
  await allowHost(admin, { host: "localhost", allowsPrivate: true });
  await createWebhook(admin, project.id, { url: `http://localhost:${port}/named` });
  await allowHost(admin, { host: "localhost", allowsPrivate: false });
  await removeWebhook(admin, project.id, id);
  await say();
  await hurry();
  await doJobs();
  expect(received).toEqual([]);
  expect((await listDeliveries(admin, project.id)).map(({ error }) => error)).toEqual([
    expect.stringMatching(/^localhost is at (127\.0\.0\.1|::1), which is no public address/),
    "its webhook was removed",
  ]);
});

test("a webhook to a host that isn't listed, without https on the internet, or with a password is refused", async () => {
  await allowHost(admin, { host: "hooks.example.org", allowsPrivate: false });
  for (const url of [
    "https://other.example.org/x",
    "http://hooks.example.org/x",
    "https://a:b@hooks.example.org/x",
    "ftp://hooks.example.org/x",
    "hooks.example.org",
  ])
    await expect(createWebhook(admin, project.id, { url }), url).rejects.toMatchObject({ errors: [{ field: "url" }] });
  await createWebhook(admin, project.id, { url: "https://hooks.example.org/x" });
  const { actor: member } = await newMember("member");
  await expect(allowHost(member, { host: "x.example.org", allowsPrivate: false })).rejects.toMatchObject({
    kind: "forbidden",
  });
  await expect(allowHost(systemActor, { host: "https://x", allowsPrivate: false })).rejects.toMatchObject({
    kind: "invalid",
  });
});

test.each([
  ["127.0.0.1", true],
  ["10.1.2.3", true],
  ["172.31.0.1", true],
  ["192.168.1.1", true],
  ["169.254.169.254", true],
  ["100.64.0.1", true],
  ["0.0.0.0", true],
  ["255.255.255.255", true],
  ["::1", true],
  ["::", true],
  ["fe80::1", true],
  ["fd00::1", true],
  ["::ffff:127.0.0.1", true],
  ["::ffff:7f00:1", true],
  ["64:ff9b::7f00:1", true],
  ["2002:7f00:1::", true],
  ["not an address", true],
  ["8.8.8.8", false],
  ["172.32.0.1", false],
  ["2606:4700:4700::1111", false],
])("whether %s is inside: %s", (address, inside) => {
  expect(isInside(address)).toBe(inside);
});

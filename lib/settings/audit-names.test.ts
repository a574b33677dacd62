import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../db/root.ts";
import { createInvitation, listInvitations, revokeInvitation } from "../access/links.ts";
import { createToken, revokeToken } from "../access/tokens.ts";
import { createRule, removeRule } from "../alerts/rules.ts";
import { registerWorker } from "../queue/workers.ts";
import { newDecided } from "../reviews/test-review.ts";
import { archiveRuns, tagRuns } from "../runs/bulk.ts";
import { createStudy } from "../studies/studies.ts";
import { newMember, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { allowHost, refuseHost } from "../webhooks/hosts.ts";
import { createWebhook, removeWebhook } from "../webhooks/webhooks.ts";
import { findSubjectNames, namedKinds } from "./audit-names.ts";
import { exportAudit, readAuditPage } from "./audit-page.ts";

prepareWorkspace();

test("every kind of thing that an act is recorded of has a name to be found", async () => {
  const files = readdirSync(path.join(root, "lib"), { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(path.join(root, "lib", file), "utf8"))
    .filter((text) => text.includes("recordAct("));
  const kinds = sources.flatMap((text) =>
    [...text.matchAll(/\bsubject\s*[:=]\s*`([a-z-]+):\$/g)].map(([, kind]) => kind!),
  );
  expect(kinds.length).toBeGreaterThan(50);
  expect([...new Set(kinds)].filter((kind) => !namedKinds.includes(kind))).toEqual([]);
  // and what is asked of the database can be asked
  const id = "01a22994-6c30-75cd-9000-b064804fc8ca";
  expect(await findSubjectNames(namedKinds.map((kind) => `${kind}:${id}`))).toEqual(new Map());
});

test("acts on what is shared, told, reviewed, sent and handed out say what was before and after, and of what", async () => {
  const { actor } = await newMember("admin");
  const project = await newProject("Signs");
  const { run } = await newRun(project, { name: "one" });
  await newDecided(project.id, run.id);
  const space = [{ kind: "float", path: "rate", low: 1e-4, high: 1, scale: "log" }];
  const objective = { metric: "loss", split: "validation", direction: "min" };
  await createStudy(actor, { project: project.id, title: "Which rate", space, objective });
  await registerWorker(actor, { project: project.id, name: "gpu-7" });
  await allowHost(actor, { host: "127.0.0.1", allowsPrivate: true });
  const { id: webhook } = await createWebhook(actor, project.id, { url: "http://127.0.0.1:1/a-secret" });
  await removeWebhook(actor, project.id, webhook);
  await allowHost(actor, { host: "127.0.0.1", allowsPrivate: false });
  await refuseHost(actor, "127.0.0.1");
  const rule = await createRule(actor, project.id, { event: "failed" });
  await removeRule(actor, project.id, rule.id);
  const token = await createToken(actor, project.id, { name: "node 1", scope: "read" });
  await revokeToken(actor, token.id);
  await createInvitation(actor, { email: "grace@example.org", role: "viewer" });
  await revokeInvitation(actor, (await listInvitations(actor))[0]!.id);
  await tagRuns(actor, project.id, { ids: [run.id] }, "good");
  await archiveRuns(actor, project.id, { ids: [run.id] });

  const { rows } = await readAuditPage(actor, { actor: `member:${actor.id}` });
  const said = (action: string) =>
    rows
      .filter((row) => row.action === action)
      .map(({ named, detail: { from, to } }) => [named?.name ?? null, from, to]);
  const [open, shut] = [{ allowsPrivate: true }, { allowsPrivate: false }];
  expect(said("webhook.allow")).toEqual([
    [null, open, shut],
    [null, null, open],
  ]);
  expect(said("webhook.refuse")).toEqual([[null, shut, null]]);
  const sent = { host: "127.0.0.1:1", format: "generic" };
  expect(said("webhook.create")).toEqual([["127.0.0.1:1", null, sent]]);
  expect(said("webhook.remove")).toEqual([["127.0.0.1:1", sent, null]]);
  const told = { event: "failed", sendsWebhooks: false };
  expect(said("alert.create")).toEqual([["failed", null, told]]);
  expect(said("alert.remove")).toEqual([["failed", told, null]]);
  expect(said("token.create")).toEqual([["node 1", null, "read"]]);
  expect(said("token.revoke")).toEqual([["node 1", "read", "revoked"]]);
  expect(said("link.revoke")).toEqual([[null, "viewer", "revoked"]]);
  expect(said("runs.tag")).toEqual([["Signs", null, "good"]]);
  expect(said("runs.archive")).toEqual([["Signs", "shown", "archived"]]);
  expect(said("study.create")[0]![0]).toBe("Which rate");
  expect(said("worker.register")[0]![0]).toBe("gpu-7");
  const all = (await readAuditPage(actor, {})).rows;
  expect(all.find((row) => row.action === "review.ask")).toMatchObject({ detail: { from: null, to: "open" } });
  for (const kind of ["review", "thread", "study"])
    expect(all.filter((row) => row.kind === kind && row.named?.slug !== project.slug)).toEqual([]);
});

test("two people of one name are told apart by id, in the page and in the CSV", async () => {
  const [{ actor: one }, { actor: two }] = [await newMember("admin"), await newMember("admin")];
  const namesake = { ...two, name: one.name };
  const [first, second] = [await newProject("First"), await newProject("Second")];
  const make = (actor: typeof one, { id }: { id: string }) => createToken(actor, id, { name: "a node", scope: "read" });
  await make(one, first);
  await make(namesake, second);
  const found = await readAuditPage(one, { who: one.name, what: "token.create" });
  expect(found.rows).toHaveLength(2);
  const { rows } = await readAuditPage(one, { actor: `member:${two.id}`, what: "token.create" });
  expect(rows).toMatchObject([{ actorName: one.name, actorEmail: two.email, projectId: second.id }]);
  const csv = await exportAudit(one, { actor: `member:${two.id}`, what: "token.create" });
  expect(csv).toContain(`,${two.email},member:${two.id},`);
  expect(csv).not.toContain(one.email);
  expect((await readAuditPage(one, { actor: "member:nobody" })).rows).toEqual([]);
});

/** How files of runs are downloaded: through the server, or by links to the bucket where an admin chose so. */

import { Readable } from "node:stream";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/access/actor.ts";
import { systemActor } from "@/lib/access/actor.ts";
import { putArtifact } from "@/lib/artifacts/artifacts.ts";
import { chooseDownloads } from "@/lib/artifacts/downloads.ts";
import { hasS3, type S3, startS3 } from "@/lib/blobs/test-s3.ts";
import { newEvaluated } from "@/lib/evaluations/test-evaluation.ts";
import { readAuditPage } from "@/lib/settings/audit-page.ts";
import { newMember, newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { readWorkspaceFacts } from "@/lib/workspace.ts";
import { GET as getFile } from "./v1/runs/[run]/artifacts/[...path]/route.ts";
import { GET as getPredictions } from "./v1/runs/[run]/evaluations/[evaluation]/predictions/route.ts";

prepareWorkspace();
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const fixture = { run: "", evaluated: "", evaluation: "", secret: "", strange: "" };
const people = {} as Record<"admin" | "member", Actor>;

async function fill(): Promise<void> {
  const project = await newProject();
  const { run } = await newRun(project);
  const put = (path: string, content: Buffer) =>
    putArtifact(systemActor, run.id, {
      path,
      contentType: "image/png",
      expectedSha256: null,
      content: Readable.from([content]),
    });
  await put("notes/ä b.bin", Buffer.from("0123456789"));
  await put("a.png", Buffer.from(PNG, "base64"));
  const { run: evaluated, evaluation } = await newEvaluated(project);
  const [{ secret }, { secret: strange }] = [
    await newToken(project, "read"),
    await newToken(await newProject(), "read"),
  ];
  Object.assign(fixture, { run: run.id, evaluated, evaluation, secret, strange });
  for (const role of ["admin", "member"] as const) people[role] = (await newMember(role)).actor;
}

function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  const authorization = `Bearer ${fixture.secret}`;
  const url = `${TEST_ORIGIN}/api/v1/runs/${fixture.run}/artifacts/${path}`;
  const [where = ""] = path.split("?");
  const params = { run: fixture.run, path: decodeURIComponent(where).split("/") };
  return getFile(new Request(url, { method, headers: { authorization, ...headers } }), {
    params: Promise.resolve(params),
  });
}
const FILE = "notes/%C3%A4%20b.bin";

describe("from a folder", () => {
  beforeAll(fill);

  test("downloads go through the server, whatever was chosen", async () => {
    await chooseDownloads(people.admin, { links: true });
    expect(await (await ask(FILE)).text()).toBe("0123456789");
    expect((await readWorkspaceFacts(people.member)).files).toMatchObject({ bucket: null, linksDownloads: true });
    await chooseDownloads(people.admin, { links: false });
  });

  test("an admin alone chooses, which the audit tells once for each change", async () => {
    await expect(chooseDownloads(people.member, { links: true })).rejects.toMatchObject({ kind: "forbidden" });
    await expect(chooseDownloads(people.admin, { links: "yes" })).rejects.toMatchObject({ kind: "invalid" });
    for (const links of [true, true, false]) await chooseDownloads(people.admin, { links });
    const { rows } = await readAuditPage(people.admin, {});
    const acts = rows.filter(({ action }) => action === "workspace.downloads").slice(0, 2);
    expect(acts.map(({ named }) => named?.name)).toEqual(["the workspace", "the workspace"]);
    expect(acts.map(({ detail }) => detail)).toEqual([
      { from: "by links", to: "through the server" },
      { from: "through the server", to: "by links" },
    ]);
  });
});

describe.skipIf(!hasS3("downloads by links"))("from a bucket, by links", () => {
  let s3: S3;
  beforeAll(async () => {
    s3 = await startS3();
    vi.stubEnv("HOLDOUT_FILES", await s3.newBucket());
    await fill();
    await chooseDownloads(people.admin, { links: true });
    return async () => {
      vi.unstubAllEnvs();
      await s3.stop();
    };
  });

  test.each([
    ["a program", {}],
    ["a browser that saves it", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }],
  ])("%s is led to the file, as an attachment of its name, for a minute", async (_who, headers) => {
    const answer = await ask(FILE, headers);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([307, "no-store"]);
    const link = new URL(answer.headers.get("location")!);
    expect(link.origin).toBe(s3.endpoint);
    expect(Number(link.searchParams.get("X-Amz-Expires"))).toBeLessThanOrEqual(60);
    const file = await fetch(link);
    expect(await file.text()).toBe("0123456789");
    expect(file.headers.get("content-disposition")).toMatch(/^attachment; .*filename\*=UTF-8''%C3%A4%20b\.bin$/);
    expect(await (await fetch(link, { headers: { range: "bytes=3-5" } })).text()).toBe("345");
  });

  test("who may not read the file gets no link", async () => {
    expect((await ask(FILE, { authorization: "Bearer hold_nobody" })).status).toBe(401);
    const answer = await ask(FILE, { authorization: `Bearer ${fixture.strange}` });
    expect([answer.status, answer.headers.get("location")]).toEqual([404, null]);
  });

  test("what a page reads or shows, and who asks for the head alone, is answered by the server", async () => {
    for (const mode of ["cors", "same-origin", "no-cors"])
      expect(await (await ask(FILE, { "sec-fetch-mode": mode })).text()).toBe("0123456789");
    expect((await ask(FILE, {}, "HEAD")).status).toBe(200);
    const picture = await ask("a.png?picture=1");
    expect([picture.status, picture.headers.get("content-disposition")]).toEqual([200, "inline"]);
    const { headers } = await ask(FILE, { "sec-fetch-mode": "cors" });
    expect((await ask(FILE, { "if-none-match": headers.get("etag")! })).status).toBe(304);
  });

  test("predictions never leave by a link", async () => {
    const { evaluated, evaluation } = fixture;
    const url = `${TEST_ORIGIN}/api/v1/runs/${evaluated}/evaluations/${evaluation}/predictions?format=csv`;
    const { actor: _actor, cookie } = await newMember("admin");
    const answer = await getPredictions(new Request(url, { headers: { cookie, "sec-fetch-mode": "navigate" } }), {
      params: Promise.resolve({ run: evaluated, evaluation }),
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([200, null]);
    expect(await answer.text()).toContain("v0,cat");
  });
});

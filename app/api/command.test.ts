/** The command `holdout` as it is started, against the API: what it prints, keeps and ends with; and as an MCP server. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { endRun } from "@/lib/metrics/end-run.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace } from "@/lib/test-workspace.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { serveApi } from "./test-serve.ts";

prepareWorkspace();

/** Built for this test run by trainer/src/test/test-build.ts. */
const program = process.env.HOLDOUT_TEST_TRAINER!;
const home = mkdtempSync(path.join(tmpdir(), "holdout-home-"));
let served: Awaited<ReturnType<typeof serveApi>>;
let project: Project;
let run: string;
let secret: string;

type Ended = { code: number; out: string; err: string };

function holdout(args: string[], { env = {}, input }: { env?: object; input?: string } = {}): Promise<Ended> {
  const { HOLDOUT_URL: _, HOLDOUT_TOKEN: __, ...rest } = process.env;
  const own = { ...rest, XDG_CONFIG_HOME: home, ...env };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { env: own }, (error, out, err) =>
      resolve({ code: error ? (error.code as unknown as number) : 0, out, err }),
    );
    child.stdin?.end(input ?? "");
  });
}

beforeAll(async () => {
  served = await serveApi();
  project = await newProject("Street signs", "accuracy");
  secret = (await newToken(project, "ingest")).secret;
  const { run: made, writer } = await newRun(project, { name: "a\u202eb", config: { rate: 3 } });
  run = made.id;
  await appendBatch(systemActor, run, batchOf(writer, 1, "validation", [1, 2], { accuracy: [0.25, 0.5] }));
  await endRun(systemActor, run, { status: "finished" });
});
afterAll(async () => {
  await served.close();
  rmSync(home, { recursive: true, force: true });
});

test("who logs in is remembered for themselves alone, and asked no more; a token goes to its own server only", async () => {
  expect(await holdout(["runs", "list"])).toMatchObject({ code: 3, err: expect.stringContaining("holdout login") });
  const login = ["login", "--url", served.url];
  expect(await holdout(login, { input: "hold_guess\n" })).toMatchObject({ code: 3, out: "" });
  expect(await holdout(login, { input: `${secret}\n` })).toMatchObject({
    code: 0,
    out: expect.stringContaining("ingest"),
  });
  const file = path.join(home, "holdout", "login.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ url: served.url, token: secret });

  const { out } = await holdout(["runs", "list", "status = finished", "--column", "validation/accuracy.last"]);
  expect(out.split("\n")).toEqual([
    expect.stringMatching(/^id +name +status +validation\/accuracy.last$/),
    // what somebody called a run moves no cursor
    expect.stringMatching(new RegExp(`^${run} +a\ufffdb +finished +0.5$`)),
    "",
  ]);
  expect(await holdout(["whoami", "--url", "http://127.0.0.1:9"])).toMatchObject({ code: 3 });
});

test("answers come as JSON where that is asked for, and ends mean something", async () => {
  const env = { HOLDOUT_URL: served.url, HOLDOUT_TOKEN: secret };
  const ended = async (...args: string[]) => holdout(args, { env });
  const shown = await ended("runs", "show", run, "--json");
  expect(JSON.parse(shown.out)).toMatchObject({ id: run, config: { rate: 3 } });
  const started = await ended("runs", "start", "--config", '{"rate": 4}', "--seed", "7", "--json");
  const { id } = JSON.parse(started.out) as { id: string };
  const points = ["--points", '[{"step": 5, "values": {"accuracy": 0.75}}]'];
  expect((await ended("runs", "log", id, "--split=validation", ...points)).code).toBe(0);
  expect((await ended("runs", "finish", id, "--status", "killed")).code).toBe(0);
  expect(await ended("tail", run)).toMatchObject({
    code: 0,
    out: "1\tvalidation/accuracy\t0.25\n2\tvalidation/accuracy\t0.5\n",
  });
  expect(await ended("tail", id, "--json")).toMatchObject({
    code: 9,
    out: '{"step":5,"series":"validation/accuracy","value":0.75}\n',
  });
  for (const [code, said, args] of [
    [2, "there is no such command", ["runs", "shwo"]],
    [4, "runs.update needs a token of scope admin", ["runs", "tag", run, "best"]],
    [5, "there is no run", ["runs", "show", crypto.randomUUID()]],
    [7, "filter", ["runs", "list", "status ="]],
    [8, "doesn't answer", ["whoami", "--url", "http://127.0.0.1:9"]],
  ] as const) {
    const end = await ended(...args);
    expect([args, end.code, end.err]).toEqual([args, code, expect.stringContaining(said)]);
  }
});

test("help names every command with an example, and a shell completes them", async () => {
  const { out } = await holdout(["help"]);
  for (const word of ["runs compare", "candidates submit", "Ends with", "train ", "mcp"]) expect(out).toContain(word);
  expect((await holdout(["runs", "compare", "--help"])).out).toMatch(
    /--baseline TEXT .*\n[\s\S]*Example: {2}holdout runs compare/,
  );
  const script = (await holdout(["completion", "bash"])).out;
  const complete = (...words: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      const set = `COMP_WORDS=(holdout ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}`;
      execFile("bash", ["-c", `${script}\n${set}\n_holdout; echo "\${COMPREPLY[@]}"`], (error, said) =>
        error ? reject(error) : resolve(said.trim().split(" ")),
      );
    });
  expect(await complete("ru")).toEqual(["runs"]);
  expect(await complete("runs", "co")).toEqual(["compare"]);
  expect(await complete("runs", "compare", "--ba")).toEqual(["--baseline"]);
  expect(await complete("champion", "--al")).toEqual(["--alias"]);
  expect((await holdout(["completion", "zsh"])).out).toMatch(/^autoload -U \+X bashcompinit/);
});

test("an agent that starts the command has the same tools over standard input", async () => {
  const env = { ...process.env, HOLDOUT_URL: served.url, HOLDOUT_TOKEN: secret } as Record<string, string>;
  const client = new Client({ name: "a test", version: "1" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [program, "mcp"], env }));
  expect(client.getServerVersion()).toMatchObject({
    name: "holdout",
    version: (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version,
  });
  expect(client.getInstructions()).toContain("test set honest");
  const { content } = await client.callTool({ name: "runs_show", arguments: { run } });
  expect(JSON.parse((content as [{ text: string }])[0].text)).toMatchObject({ data: { id: run } });
  await client.close();
});

/** MLflow's own clients: what they were recorded to send is asked again everywhere, and the client itself where it is. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { createWorkspaceToken } from "@/lib/access/tokens.ts";
import { prepareWorkspace } from "@/lib/test-workspace.ts";
import { serveApi } from "./test-serve.ts";

prepareWorkspace();

type Exchange = { method: string; path: string; status: number; body?: unknown; answer: unknown };
const fixtures = path.resolve(import.meta.dirname, "../../lib/mlflow/fixtures");
const recorded = JSON.parse(readFileSync(path.join(fixtures, "wire.json"), "utf8")) as Record<string, Exchange[]>;

const fixture = {} as { url: string; token: string; close: () => Promise<void> };
beforeAll(async () => {
  const { url, close } = await serveApi();
  const { secret: token } = await createWorkspaceToken(systemActor, { name: "scripts" });
  Object.assign(fixture, { url, close, token });
});
afterAll(() => fixture.close());

/** Ids of this server by their names in the recording, learnt where an answer first has them. */
type Ids = Map<string, string>;
const filled = (text: string, ids: Ids): string =>
  text.replace(/\{(?:id|model)\d+\}/g, (name) => ids.get(name) ?? name);

/** Holds what came against what was recorded: each field of it is there, and as it was. */
function compare(came: unknown, was: unknown, ids: Ids, at: string): void {
  if (was === "{time}") expect(came, at).toBeTypeOf("number");
  else if (typeof was === "string") {
    const unknown = /^\{(?:id|model)\d+\}$/.exec(was)?.[0];
    if (unknown && !ids.has(unknown)) ids.set(unknown, String(came));
    expect(came, at).toBe(filled(was, ids));
  } else if (Array.isArray(was)) {
    expect((came as unknown[] | undefined)?.length, at).toBe(was.length);
    for (const [index, one] of was.entries()) compare((came as unknown[])[index], one, ids, `${at}.${index}`);
  } else if (was !== null && typeof was === "object")
    for (const [name, one] of Object.entries(was))
      compare((came as Record<string, unknown>)?.[name], one, ids, `${at}.${name}`);
  else expect(came, at).toBe(was);
}

test.each(Object.keys(recorded))(
  "what a client of mlflow %s sends is answered as it was when it worked",
  async (version) => {
    const ids: Ids = new Map();
    for (const { method, path: where, status, body, answer } of recorded[version]!) {
      const asked = `${method} ${where}`;
      const sent = body === undefined ? null : filled(typeof body === "string" ? body : JSON.stringify(body), ids);
      const isFile = where.includes("/mlflow-artifacts/");
      const headers = {
        authorization: `Bearer ${fixture.token}`,
        "content-type": isFile ? "text/plain" : "application/json",
      };
      const response = await fetch(fixture.url + filled(where, ids), { method, headers, body: sent });
      const text = await response.text();
      expect({ asked, status: response.status, text }).toMatchObject({ status });
      compare(typeof answer === "string" ? text : JSON.parse(text), answer, ids, asked);
      expect(text).not.toContain("test_acc");
    }
  },
);

const python = process.env.HOLDOUT_TEST_PYTHON ?? "python3";
const hasClient = spawnSync(python, ["-c", "import mlflow"], { timeout: 30_000 }).status === 0;
if (!hasClient) console.log(`${python} has no mlflow: its client isn't tried (HOLDOUT_TEST_PYTHON names another)`);

test.skipIf(!hasClient)("the client that is here logs, searches and reads back", { timeout: 60_000 }, async () => {
  const child = spawn(python, [path.join(fixtures, "record.py"), fixture.url, fixture.token, "--only-try"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (some) => (said += some));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code, said).toBe(0);
});

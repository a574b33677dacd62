import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AskedRuns } from "../../../lib/wire/studies/loop-runs.ts";
import { loopsRoutes } from "../../../lib/wire/studies/loops.ts";
import { TestServer } from "../test/test-server.ts";
import { refereeCommand } from "./referee.ts";

const server = new TestServer();
beforeEach(() => server.up());
afterEach(async () => {
  vi.restoreAllMocks();
  await server.down();
});

const study = "01890000-0000-7000-8000-000000000001";
const [candidate, fresh] = ["01890000-0000-7000-8000-000000000002", "01890000-0000-7000-8000-000000000003"] as const;
const [keep] = loopsRoutes.ruleOnCandidate.response.meta()!.examples as [object];
const again = { ...keep, run: candidate, number: 7, ruling: "run-again", reason: "unconfirmed" };
const asked = (isOther = false): AskedRuns => ({
  study,
  ruling: 7,
  queued: 1,
  runs: [{ run: fresh, name: "loop 1, candidate, seed 9", of: "candidate", seed: 9, status: "finished", isOther }],
});

/** Asks with these flags a server that wants one more run; tells what it was sent, and the exit code. */
async function asking(flags: object, runs = asked()) {
  const sent: [string, unknown][] = [];
  server.answers = (_method, path, bytes) => {
    const body = JSON.parse(bytes.toString()) as { runs?: string[] };
    sent.push([path.replace(/.*\/rulings/, ""), body.runs]);
    return [200, path.endsWith("/runs") ? runs : body.runs!.includes(fresh) ? keep : again];
  };
  vi.spyOn(console, "log").mockImplementation(() => {});
  const target = { url: server.url, token: "token" };
  const context = { target, spoolDir: "", code: false, offline: false, signal: new AbortController().signal };
  const settings = { study, queue: false, wait: false, ...flags };
  return { code: await refereeCommand(context, [candidate], settings), sent };
}

test("what is to be run again is queued where that is asked for, and handed in where it is waited for", async () => {
  const handed: [string, unknown] = ["", [candidate]];
  expect(await asking({})).toEqual({ code: 11, sent: [handed] });
  expect(await asking({ queue: true })).toEqual({ code: 11, sent: [handed, ["/7/runs", undefined]] });
  const all = ["", [candidate, fresh]];
  expect(await asking({ wait: true })).toEqual({ code: 0, sent: [handed, ["/7/runs", undefined], all] });
});

test("a run that a worker trained by other code isn't handed in as the candidate's", async () => {
  await expect(asking({ wait: true }, asked(true))).rejects.toThrow(/seed 9: its worker has other code/);
});

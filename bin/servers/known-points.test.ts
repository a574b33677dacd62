/** Who counts what was lost would say 0 of anything, unless it finds what is really gone. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { newProject, newToken, prepareWorkspace } from "../../lib/test-workspace.ts";
import { ApiServer } from "../test/api-server.ts";
import { askFor, KnownRun, type Place, STEPS } from "./known-points.ts";

prepareWorkspace();
const server = new ApiServer();
let place: Place;

beforeAll(async () => {
  await server.up();
  process.env.HOLDOUT_URL = server.url; // the server's own address, by which it knows its Host
});
beforeEach(async () => {
  place = { url: server.url, token: (await newToken(await newProject(), "ingest")).secret };
  server.loses = () => false;
});
afterAll(() => server.down());

test("batches whose answers are lost are sent again, and all points are there once", async () => {
  const run = await KnownRun.begin(place, 2, "known");
  let asked = 0;
  server.loses = ({ path }) => path.endsWith("/metrics") && ++asked % 2 === 1;
  expect(await run.sendBatches(5)).toBeGreaterThan(0);
  expect(run.points).toBe(2 * 5 * STEPS);
  expect(await run.countWrong()).toEqual({ lost: 0, doubled: 0 });
});

test("half an answer counts as none, and is asked for again", async () => {
  const answers = ["", '{"half":', '{"whole":true}'];
  const cutting = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      const body = answers.shift()!;
      const head = "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
      socket.write(`${head}${body === "" ? "" : `${body.length.toString(16)}\r\n${body}\r\n`}`);
      socket.end(body.endsWith("}") ? "0\r\n\r\n" : "");
    });
  }).listen(0, "127.0.0.1");
  await once(cutting, "listening");
  const url = `http://127.0.0.1:${(cutting.address() as AddressInfo).port}`;
  expect(await askFor({ url, token: "a" }, { method: "GET", route: "runs" })).toEqual({ whole: true });
  expect(answers).toEqual([]);
  cutting.close();
});

test("points that were answered and are gone count as lost", async () => {
  const run = await KnownRun.begin(place, 2, "known");
  await run.sendBatches(3);
  await connections().sql`delete from batches where run_id = ${run.id} and sequence = 2`;
  expect(await run.countWrong()).toEqual({ lost: 2 * STEPS, doubled: 0 });
});

test("points that came in twice, or that nobody sent, count as doubled", async () => {
  const run = await KnownRun.begin(place, 1, "known");
  await run.sendBatches(2);
  const steps = Array.from({ length: 2 * STEPS }, (_, at) => STEPS + at);
  const groups = [{ split: "train", steps, times: steps.map(() => 1.7e12), metrics: { loss0: steps } }];
  const post = (route: string, body: object) =>
    askFor(place, { method: "POST", route: `runs/${run.id}/${route}`, body: JSON.stringify(body) });
  const writer = randomUUID();
  await post("writers", { writer, mode: "join" });
  await post("metrics", { writer, sequence: 1, groups });
  const { lost, doubled } = await run.countWrong();
  expect(lost).toBe(0);
  expect(doubled).toBeGreaterThanOrEqual(2 * STEPS);
});

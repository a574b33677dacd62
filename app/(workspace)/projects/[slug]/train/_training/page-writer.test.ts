import { expect, test } from "vitest";
import { Refused, Unreachable } from "@/lib/sending/answers.ts";
import type { WriterRequest } from "@/lib/sending/writer-calls.ts";
import { decodeBatch } from "@/lib/wire/points/batch.ts";
import { PageWriter, type Sending } from "./page-writer.ts";

const writer = "11111111-2222-4333-8444-555555555555";
const registration = { writer, mode: "start" as const };

/** A server that answers each request by `judge`, which may throw, and remembers the steps of what it stored. */
function serverOf(judge: (name: string, at: number) => void = () => {}) {
  const asked: { name: string; body: unknown }[] = [];
  const stored = new Map<number, number[]>();
  const send = async ({ path, body }: WriterRequest): Promise<unknown> => {
    const name = path.split("/").at(-1)!;
    const batch = name === "metrics" ? decodeBatch(body as Uint8Array) : null;
    asked.push({ name, body: batch?.sequence ?? JSON.parse(body as string) });
    judge(name, asked.length);
    if (name === "writers") return { writer, number: 1, attempt: 1, sequenceStored: 0 };
    if (!batch) return {};
    const duplicate = stored.has(batch.sequence);
    stored.set(batch.sequence, [...batch.groups[0]!.steps]);
    return { stored: !duplicate, duplicate, points: 0, quarantined: [], watched: false };
  };
  return { asked, stored, send };
}

function open(judge?: (name: string, at: number) => void) {
  const server = serverOf(judge);
  const said: Sending[] = [];
  const page = new PageWriter(
    server.send,
    "run",
    registration,
    (sending) => said.push(sending),
    async () => {},
  );
  return { ...server, said, page };
}

test("registers, delivers in order and ends", async () => {
  const { page, asked, stored, said } = open();
  for (let step = 0; step < 3; step++) page.log("train", step, { loss: 1 });
  expect(await page.end({ status: "finished" })).toBe(true);
  expect(asked.map(({ name }) => name)).toEqual(["writers", "metrics", "finish"]);
  expect(stored.get(1)).toEqual([0, 1, 2]);
  expect(asked.at(-1)!.body).toEqual({ status: "finished", writer, pointsLost: 0 });
  expect(said).toEqual([]);
});

test("repeats each request unchanged while the server is away, says so, and says when it is back", async () => {
  const { page, asked, stored, said } = open((_, at) => {
    if (at % 3 !== 0) throw new Unreachable("the server doesn't answer", null);
  });
  page.log("train", 0, { loss: 1 });
  expect(await page.end({ status: "finished" })).toBe(true);
  expect(asked.map(({ name }) => name)).toEqual(["writers", "metrics", "finish"].flatMap((name) => [name, name, name]));
  expect([...stored.keys()]).toEqual([1]);
  expect(said[0]).toEqual({ problem: "the server doesn't answer", pending: 1 });
  expect(said.at(-1)).toEqual({ problem: null, pending: 0 });
});

test("counts what the server will never take as lost, and goes on", async () => {
  const { page, asked } = open((name) => {
    if (name === "metrics") throw new Refused(400, null, "it is wrong");
  });
  page.log("train", 0, { loss: 1, accuracy: 0.5 });
  await page.end({ status: "finished" });
  expect(asked.at(-1)!.body).toMatchObject({ pointsLost: 2 });
});

test("gives up once its token or its run is no more", async () => {
  for (const status of [401, 404]) {
    const { page } = open(() => {
      throw new Refused(status, null, "it is gone");
    });
    expect(await page.end({ status: "finished" })).toBe(false);
  }
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { Lane } from "./lane.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-lane-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, "thread.mjs");
writeFileSync(
  file,
  `import { parentPort, threadId } from "node:worker_threads";
  parentPort.on("message", (word) => {
    while (word === "forever");
    if (word === "throw") throw new Error("a fault");
    const held = [];
    // 200 MB, which a thread without a bound has to spare
    while (word === "memory" && held.length < 250) held.push(new Array(1e5).fill(word + held.length));
    parentPort.postMessage({ word, threadId });
  });`,
);
type Answer = { word: string; threadId: number };
const newLane = (deadlineMs: number, idleMs: number | null = null) =>
  new Lane<string, Answer>({ program: path.relative(process.cwd(), file), heapMb: 32, deadlineMs, idleMs });

test("messages are answered in their order by one thread", async () => {
  const lane = newLane(60_000);
  const answers = await Promise.all(["a", "b", "c"].map((word) => lane.ask(word)));
  expect(answers.map(({ word }) => word)).toEqual(["a", "b", "c"]);
  expect(new Set(answers.map(({ threadId }) => threadId)).size).toBe(1);
});

test("work that takes too long, throws or fills its memory is ended, and the next has a fresh thread", async () => {
  const late = newLane(1500);
  const [first, second] = await Promise.allSettled([late.ask("forever"), late.ask("after")]);
  expect(first).toMatchObject({ status: "rejected", reason: { end: "late" } });
  expect(second).toMatchObject({ status: "fulfilled", value: { word: "after" } });
  const lane = newLane(60_000);
  const { threadId } = await lane.ask("before");
  await expect(lane.ask("throw")).rejects.toMatchObject({ end: "died", cause: { message: "a fault" } });
  await expect(lane.ask("memory")).rejects.toMatchObject({ end: "memory" });
  expect((await lane.ask("after")).threadId).not.toBe(threadId);
});

test("a thread without work ends after a while", async () => {
  const lane = newLane(60_000, 1);
  const { threadId } = await lane.ask("a");
  await expect.poll(async () => (await lane.ask("b")).threadId).not.toBe(threadId);
});

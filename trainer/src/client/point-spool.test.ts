import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DeliveryQueue } from "./delivery.ts";
import { PointSpool } from "./point-spool.ts";
import { WriterSpool } from "./spool.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdout-points-"));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

it("is on its way to the disk within 300 ms, and within 100 ms while somebody looks at the run", () => {
  const waiting: DeliveryQueue = {
    creation: null,
    registration: null,
    batches: [],
    uploads: [],
    lost: 0,
    finish: null,
    watched: false,
  };
  const points = new PointSpool(new WriterSpool(root, "run", "writer"), 1_000_000, waiting, () => {});
  const log = (step: number) => points.add("train", step, { loss: 1 }, 0);
  const spooledAfter = (ms: number) => {
    const before = waiting.batches.length;
    // the thread may have it on disk already when it is asked
    const isHandedOver = () => points.isUnderWay || waiting.batches.length > before;
    vi.advanceTimersByTime(ms - 1);
    expect(isHandedOver()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(isHandedOver()).toBe(true);
    points.spoolNow();
    expect(points.isUnderWay).toBe(false);
  };
  log(0);
  spooledAfter(300);
  waiting.watched = true;
  log(1);
  spooledAfter(100);
});

import { BATCH_CONTENT_TYPE, type BatchAnswer, encodeBatch } from "../../lib/wire/points/batch.ts";
import { answer } from "../child.ts";
import type { RetryDone, RetryJob } from "../load.ts";
import { METRIC } from "../metric.ts";
import { lossCurve, stepsFrom, timesFrom } from "../series.ts";

answer<RetryJob>(async ({ url, token, writer, sequence, fromStep, points, count }): Promise<RetryDone> => {
  const done: RetryDone = { freshMs: [], againMs: [], stored: 0, duplicates: 0 };
  const values = lossCurve(1, points);
  for (let batch = 0; batch < count; batch++) {
    const from = fromStep + batch * points;
    const group = { split: "train" as const, steps: stepsFrom(from, points), times: timesFrom(from, points) };
    const groups = [{ ...group, metrics: new Map([[METRIC, values]]) }];
    const body = encodeBatch({ writer, sequence: sequence + batch, groups });
    for (const times of [done.freshMs, done.againMs]) {
      const begunAt = performance.now();
      const { stored, duplicate } = await post(url, token, body);
      times.push(performance.now() - begunAt);
      if (times === done.freshMs && stored) done.stored++;
      if (times === done.againMs && duplicate) done.duplicates++;
    }
  }
  return done;
});

async function post(url: string, token: string, body: Uint8Array): Promise<BatchAnswer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": BATCH_CONTENT_TYPE };
  const response = await fetch(url, { method: "POST", headers, body: body as Uint8Array<ArrayBuffer> });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as BatchAnswer;
}

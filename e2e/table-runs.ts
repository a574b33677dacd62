/** Runs in a project's table, made as a trainer makes them, and where the table shows them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Download, Page } from "@playwright/test";
import { type CreateRunOptions, createRun, type RunHandle } from "../trainer/src/client/client.ts";
import { expect, newWorkplace, url, type Workplace } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
process.on("exit", () => rmSync(spoolDir, { recursive: true, force: true }));

export const start = (
  { token }: Workplace,
  options: Pick<CreateRunOptions, "name" | "config" | "metrics" | "seed" | "system">,
): Promise<RunHandle> => createRun({ url, token, spoolDir, code: false, ...options });

/** Runs that wait in the queue, as a program of its own makes them. */
export async function queueRuns(
  { token }: Workplace,
  runs: { name: string; config: Record<string, unknown> }[],
): Promise<void> {
  for (const run of runs) {
    const response = await fetch(`${url}/api/v1/runs`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ status: "queued", ...run }),
    });
    expect(response.status).toBe(200);
  }
}

export const families = ["cnn", "cnn", "rnn", "mlp"];

export async function withRuns(page: Page, name: string): Promise<Workplace> {
  const place = await newWorkplace(page, name);
  const finished: Promise<unknown>[] = [];
  for (const [index, family] of families.entries()) {
    const run = await start(place, {
      name: `${family} ${index}`,
      config: { family, optimizer: { lr: 10 ** -index } },
      metrics: [{ name: "accuracy", direction: "max", unit: "" }],
    });
    for (let step = 0; step < 5; step++)
      run.log({ split: "validation", step, metrics: { accuracy: step / 10 + index / 100 } });
    finished.push(run.finish());
  }
  await Promise.all(finished);
  await page.goto(`/projects/${place.slug}`);
  await expect(rows(page)).toHaveCount(families.length);
  return place;
}

export const rows = (page: Page) => page.getByTestId("runs").locator("tbody tr[data-run]");
export const names = (page: Page) => rows(page).locator("a");
export const filter = (page: Page) => page.getByRole("combobox", { name: "Filter runs" });

/** What a download holds. */
export async function textOf(download: Download): Promise<string> {
  let text = "";
  for await (const chunk of await download.createReadStream()) text += chunk;
  return text;
}

import { readdirSync } from "node:fs";
import path from "node:path";
import { NextRequest } from "next/server";
import { beforeAll, expect, test } from "vitest";
import { proxy } from "../proxy.ts";

const ORIGIN = "http://holdout.test";

beforeAll(() => {
  process.env.HOLDOUT_URL = ORIGIN;
});

/** The address of each page, with a word for what stands in brackets. */
const pages = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "page.tsx")
  .map((file) =>
    `/${path.dirname(file)}`
      .replace(/\/\.$/, "/")
      .replace(/\/\([^)]+\)/g, "")
      .replace(/\[[^\]]+\]/g, "train"),
  )
  .map((at) => at || "/");

async function policyOf(at: string): Promise<string> {
  const answer = await proxy(new NextRequest(ORIGIN + at, { headers: { host: new URL(ORIGIN).host } }));
  return answer.headers.get("content-security-policy") ?? "none";
}

test("the page that trains may compile WebAssembly and start a worker of this site, and no other page says either", async () => {
  expect(pages).toContain("/projects/train/train");
  expect(pages.length).toBeGreaterThan(30);
  const policies = await Promise.all(pages.map(async (at) => [at, await policyOf(at)] as const));
  const permits = (word: string) => policies.filter(([, policy]) => policy.includes(word)).map(([at]) => at);
  expect(permits("script-src 'self' 'nonce-")).toEqual(pages);
  expect(permits("'wasm-unsafe-eval'")).toEqual(["/projects/train/train"]);
  expect(permits("worker-src 'self'")).toEqual(["/projects/train/train"]);
  expect(permits("'unsafe-eval'")).toEqual([]);
});

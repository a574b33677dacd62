/** The demo of several servers, as a person at a terminal starts it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@playwright/test";
import { isSlow, killsOf, root } from "./workspace.ts";

const KILLS = killsOf(4, 10);

test("one command shows several servers on this machine, kills some of them, and ends with 0 where nothing was lost", async () => {
  test.skip(!isSlow, "it trains networks and kills servers for more than a minute");
  test.setTimeout(180_000 + KILLS * 30_000);
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "bin/demo.ts", "--servers", "--check", "--kills", `${KILLS}`],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  expect(said).toContain(`killed in turns, ${KILLS} times (kill -9): 0 lost, 0 doubled`);
  expect(said).toMatch(/a page of web server 2 heard of points that web server 1 took \d+ ms after/);
  expect(said).toMatch(/the other one led all 4 kinds of periodic work \d+\.\d s later/);
  expect(said.match(/✓/g)).toHaveLength(9);
  expect(said).not.toContain("WRONG");
  expect(code, said).toBe(0);
});

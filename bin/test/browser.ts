/** A Chromium for the end-to-end tests: one that is here and starts, else one that can be fetched. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";
import { Refusal } from "../../db/refusal.ts";
import { installLine, installWithApt } from "../serve/programs.ts";

/** Debian's Chromium without windows: a page costs it a third of the processor time. */
const shell = "chromium-headless-shell";
const names = [
  shell,
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];
const FETCH_MS = 5 * 60_000;

/** Browsers that lie on this machine, the cheapest first; one of them may lack its libraries. */
export function browsersHere(): string[] {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const [cheapest = [], ...found] = names.map((name) => folders.map((folder) => path.join(folder, name)));
  return [process.env.HOLDOUT_CHROMIUM ?? "", ...cheapest, chromium.executablePath(), ...found.flat()].filter(
    (file) => file !== "" && existsSync(file),
  );
}

/**
 * The path of a Chromium that was seen to start. As root fetches the cheapest where it isn't here, and where there is none
 * at all Debian's, or as anybody Playwright's. Throws a Refusal with the one line to run as root.
 */
export async function findBrowser(say: (line: string) => void): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const [first = ""] = browsersHere();
  if (isRoot && !process.env.HOLDOUT_CHROMIUM && path.basename(first) !== shell) {
    say(`Installing ${shell}, with which the end-to-end tests take half the time …`);
    installWithApt([shell]);
  }
  const here = await firstThatStarts();
  if (here) return here;
  say("No Chromium that starts is here; fetching one …");
  for (const fetchOne of isRoot ? [() => installWithApt(["chromium"]), fetchWithPlaywright] : [fetchWithPlaywright]) {
    fetchOne();
    const fetched = await firstThatStarts();
    if (fetched) return fetched;
  }
  throw new Refusal(
    `The end-to-end tests need a Chromium, and none starts here. Run this line as root, then npm test again:\n\n${installLine}\n`,
  );
}

async function firstThatStarts(): Promise<string | null> {
  for (const file of browsersHere()) if (await starts(file)) return file;
  return null;
}

/** Opens a page: a browser without its libraries, or without its sandbox's rights, fails here and not in a test. */
async function starts(executablePath: string): Promise<boolean> {
  try {
    const browser = await chromium.launch({ executablePath, timeout: 30_000 });
    try {
      const page = await browser.newPage();
      return (await page.evaluate("1 + 1")) === 2;
    } finally {
      await browser.close();
    }
  } catch {
    return false;
  }
}

function fetchWithPlaywright(): void {
  spawnSync("npx", ["--no-install", "playwright", "install", "chromium"], { stdio: "ignore", timeout: FETCH_MS });
}

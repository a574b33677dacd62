import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DiskError, spoolThread } from "./spool-thread.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdout-thread-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

it("has every file on disk, whole, when finish returns, though the event loop never turned", () => {
  const folder = join(root, "run", "writer");
  const settled: (DiskError | null)[] = [];
  for (let at = 0; at < 20; at++)
    spoolThread().write({ folder, name: `${at}.batch`, bytes: bytes(`of ${at}`), generation: 0 }, (error) =>
      settled.push(error),
    );
  expect(settled).toEqual([]);
  spoolThread().finish();
  expect(settled).toEqual(Array(20).fill(null));
  expect(readdirSync(folder)).toHaveLength(20);
  expect(readFileSync(join(folder, "19.batch"), "utf8")).toBe("of 19");
});

it("writes nothing behind a file that failed until a new generation, so that no number is left out", () => {
  const folder = join(root, "folder");
  writeFileSync(folder, "a file where a folder has to be");
  const errors: (string | undefined)[] = [];
  const write = (name: string, generation: number) =>
    spoolThread().write({ folder, name, bytes: bytes(name), generation }, (error) => errors.push(error?.code));
  write("1.batch", 0);
  spoolThread().finish();
  rmSync(folder);
  write("2.batch", 0);
  write("1.batch", 1);
  spoolThread().finish();
  expect(errors).toEqual(["ENOTDIR", "ENOTDIR", undefined]);
  expect(readdirSync(folder)).toEqual(["1.batch"]);
});

it("keeps the folders of different writers apart", () => {
  writeFileSync(join(root, "broken"), "");
  const errors = new Map<string, DiskError | null>();
  for (const name of ["broken", "whole"])
    spoolThread().write({ folder: join(root, name), name: "1.batch", bytes: bytes("1"), generation: 0 }, (error) =>
      errors.set(name, error),
    );
  spoolThread().finish();
  expect(errors.get("broken")).not.toBeNull();
  expect(errors.get("whole")).toBeNull();
});

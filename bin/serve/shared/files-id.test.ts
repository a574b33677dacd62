import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../db/test-database.ts";
import type { BlobStore } from "../../../lib/blobs/blob-store.ts";
import { folderStore } from "../../../lib/blobs/folder-store.ts";
import { claimFiles } from "./files-id.ts";

let database: TestDatabase;
let folder: string;
const dataDir = (name: string) => path.join(folder, name);
function storeOf(name: string): BlobStore {
  mkdirSync(path.join(dataDir(name), "blobs"), { recursive: true });
  return folderStore(path.join(dataDir(name), "blobs"));
}
const claim = (name: string) => claimFiles(database.ownerUrl, storeOf(name));

beforeEach(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "holdout-files-"));
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

test("a database starts with the folder that it began with, again and again", async () => {
  await claim("first");
  await claim("first");
});

test("a second server with a folder of its own is refused, with the way out, which works", async () => {
  await claim("first");
  const refused = await claim("second").catch((error: Error) => error.message);
  expect(refused).toMatch(/in another folder than .*second.blobs/);
  const [, id, file] = /echo (\S+) > (\S+)/.exec(String(refused))!;
  writeFileSync(file!, `${id}\n`);
  await claim("second");
});

test("a folder that other files are in already is refused as well", async () => {
  const other = await createTestDatabase();
  await claimFiles(other.ownerUrl, storeOf("others"));
  await claim("first");
  await expect(claim("others")).rejects.toThrow(/another folder/);
  await other.drop();
});

test("two servers that share the files start, and so does one whose data folder was moved", async () => {
  await claim("first");
  mkdirSync(dataDir("second"));
  symlinkSync(path.join(dataDir("first"), "blobs"), path.join(dataDir("second"), "blobs"));
  await claim("second");
  cpSync(dataDir("first"), dataDir("moved"), { recursive: true });
  await claim("moved");
});

test("two servers that start at once on one place, which no server had before, both start", async () => {
  const store = storeOf("shared");
  await Promise.all([claimFiles(database.ownerUrl, store), claimFiles(database.ownerUrl, store)]);
  await claimFiles(database.ownerUrl, store);
});

test("of two servers that start at once with folders of their own, one does", async () => {
  const outcomes = await Promise.allSettled([claim("first"), claim("second")]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

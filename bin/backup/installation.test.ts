/** What was stored can be restored: an installation in which no table is empty, elsewhere, row by row and file by file. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeConnections, connect } from "../../db/connection.ts";
import { createTestDatabase, type TestDatabase } from "../../db/test-database.ts";
import { systemActor } from "../../lib/access/actor.ts";
import { folderStore } from "../../lib/blobs/folder-store.ts";
import { check, clean } from "../../lib/datasets/test-samples.ts";
import { purgeProject } from "../../lib/projects/deleted.ts";
import { countRows, fillInstallation } from "../../lib/test-installation.ts";
import { prepareWorkspace } from "../../lib/test-workspace.ts";
import { type BackupHeader, verifyBackup } from "./file.ts";
import { restoreBackup } from "./restore.ts";
import { writeBackup } from "./write.ts";

const workspace = prepareWorkspace();
let folder: string;
let file: string;
let header: BackupHeader;
let target: TestDatabase;
const blobsOf = (dataDir: string) => path.join(dataDir, "blobs");

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "holdout-backup-"));
  file = path.join(folder, "whole.tar");
  target = await createTestDatabase();
  await fillInstallation(workspace.database().ownerUrl);
  await writeBackup(workspace.database().ownerUrl, folderStore(blobsOf(process.env.HOLDOUT_DATA_DIR!)), file);
  header = await verifyBackup(file);
  await restoreBackup(file, header, target, folderStore(blobsOf(folder)));
});
afterAll(async () => {
  await target.drop();
  await rm(folder, { recursive: true });
});

async function rowsOf(url: string, table: string): Promise<string[]> {
  const client = connect(url, { max: 1 });
  try {
    const rows = await client<{ row: string }[]>`select t::text as row from ${client(table)} t order by 1`;
    return rows.map(({ row }) => row);
  } finally {
    await client.end();
  }
}

async function filesOf(dataDir: string): Promise<Record<string, Buffer>> {
  const found = await readdir(blobsOf(dataDir), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = files.sort().map(async (name) => [path.relative(dataDir, name), await readFile(name)] as const);
  return Object.fromEntries(await Promise.all(contents));
}

test("the installation that is backed up here leaves no table empty", async () => {
  const counts = await countRows(workspace.database().ownerUrl);
  const empty = Object.entries(counts).filter(([, rows]) => rows === 0);
  expect(empty, "fill it in lib/test-installation.ts, so that its restore is tried").toEqual([]);
});

test("every table comes back row by row, and every file byte by byte", async () => {
  const counts = await countRows(workspace.database().ownerUrl);
  expect(Object.fromEntries(header.tables.map(({ name, rows }) => [name, rows]))).toEqual(counts);
  for (const table of Object.keys(counts))
    expect(await rowsOf(target.ownerUrl, table), table).toEqual(await rowsOf(workspace.database().ownerUrl, table));
  const files = await filesOf(process.env.HOLDOUT_DATA_DIR!);
  expect(Object.keys(files).length).toBeGreaterThan(0);
  expect(await filesOf(folder)).toEqual(files);
});

test("the rules that guard rows are on again after a restore", async () => {
  const [before, after] = await Promise.all(
    [workspace.database().ownerUrl, target.ownerUrl].map(async (url) => {
      const client = connect(url, { max: 1 });
      const triggers = await client`
        select tgrelid::regclass::text as table, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2`;
      await client.end();
      return [...triggers];
    }),
  );
  expect(after).toEqual(before);
  expect(after!.length).toBeGreaterThan(10);
});

test("a restored installation goes on: datasets and manifests are numbered further, a project is purged", async () => {
  const [source, data] = [process.env.DATABASE_APP_URL, process.env.HOLDOUT_DATA_DIR];
  await closeConnections();
  Object.assign(process.env, { DATABASE_APP_URL: target.appUrl, HOLDOUT_DATA_DIR: folder });
  try {
    const { report } = await check(clean(20), { dataset: { name: "after", version: "1" } });
    expect(report.progress).toMatchObject({ status: "done" });
    const client = connect(target.ownerUrl, { max: 1 });
    const [old] = await client<{ id: string }[]>`
      update projects set deleted_at = now() where id in (select project_id from manifest_overrides) returning id`;
    await client.end();
    await purgeProject(systemActor, old!.id);
    expect(await rowsOf(target.ownerUrl, "near_pairs")).toEqual([]);
  } finally {
    await closeConnections();
    Object.assign(process.env, { DATABASE_APP_URL: source, HOLDOUT_DATA_DIR: data });
  }
});

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../db/connection.ts";
import { arePointsSpread } from "../../db/distribution/distribute.ts";
import { tableNames } from "../../db/read-migrations.ts";
import { createTestDatabase, type TestDatabase } from "../../db/test-database.ts";
import { folderStore } from "../../lib/blobs/folder-store.ts";
import { refuseUnknownSchema, whatIsThere } from "./database.ts";
import { verifyBackup } from "./file.ts";
import { restoreBackup } from "./restore.ts";
import { writeBackup } from "./write.ts";

const content = Buffer.from("a model's weights\n");
const hash = createHash("sha256").update(content).digest("hex");
let folder: string;
let source: TestDatabase;
let target: TestDatabase;
const fileOf = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "holdout-backup-"));
  source = await createTestDatabase();
  target = await createTestDatabase();
  await mkdir(fileOf(`blobs/${hash.slice(0, 2)}`), { recursive: true });
  await writeFile(fileOf(`blobs/${hash.slice(0, 2)}/${hash}`), content);
  await fill(source.ownerUrl);
});
afterAll(async () => {
  await source.drop();
  await target.drop();
  await rm(folder, { recursive: true });
});

/** Rows with everything that COPY has to escape, and a reference from each kind of table to another. */
async function fill(ownerUrl: string): Promise<void> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    const [project, run, writer] = [uuidv7(), uuidv7(), uuidv7()];
    const text = "tab\there, line\nfeed, back\\slash, \\. and \\N, \u{1F600}, '' \"\"";
    await client`insert into projects (id, slug, name, description) values (${project}, 'signs', 'Signs', ${text})`;
    await client`insert into runs (id, project_id, name, status, config, creation_hash, created_by)
      values (${run}, ${project}, ${text}, 'running', ${client.json({ text, rate: 1e-7 })}, ${Buffer.from([0, 10, 92, 255])}, 'x')`;
    await client`insert into attempts (run_id, number, environment) values (${run}, 1, '{}')`;
    await client`insert into writers (run_id, id, number, attempt) values (${run}, ${writer}, 1, 1)`;
    await client`insert into series (run_id, number, project_id, split, metric, quarantined, count, non_finite_count, overwritten_count, step_last, last, sum)
      values (${run}, 1, ${project}, 'train', 'loss', false, 1, 1, 0, ${2 ** 53 - 1}, 'NaN', 0.1)`;
    await client`insert into blobs (sha256, size_bytes) values (${hash}, ${content.length})`;
    for (let number = 0; number < 400; number++)
      await client`insert into batches (run_id, writer, sequence, points, hash, data)
        values (${run}, 1, ${number + 1}, 1, ${Buffer.from(hash, "hex")}, ${Buffer.alloc(9000, number)})`;
  } finally {
    await client.end();
  }
}

/** Every row of every table, as text. */
async function contentsOf(ownerUrl: string): Promise<Record<string, unknown>> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    const contents: Record<string, unknown> = {};
    for (const table of tableNames()) {
      const rows = await client.unsafe(`select md5(t::text) as row from "${table}" t order by 1`);
      contents[table] = rows.map(({ row }) => row);
    }
    return contents;
  } finally {
    await client.end();
  }
}

test("what is restored is what was backed up, row for row and file for file", async () => {
  const file = fileOf("whole.tar");
  await writeBackup(source.ownerUrl, folderStore(fileOf("blobs")), file);
  const header = await verifyBackup(file);
  expect(header.tables.find((table) => table.name === "batches")?.rows).toBe(400);
  expect(header.damaged).toEqual([]);
  await restoreBackup(file, header, target, folderStore(fileOf("restored")));
  // where points lay over nodes, they do again
  expect(await arePointsSpread(target.ownerUrl)).toBe(Boolean(process.env.HOLDOUT_TEST_CITUS));
  expect(await contentsOf(target.ownerUrl)).toEqual(await contentsOf(source.ownerUrl));
  expect(await readFile(fileOf(`restored/${hash.slice(0, 2)}/${hash}`))).toEqual(content);
  expect(await whatIsThere(target.ownerUrl)).toBe("1 projects, 1 runs");
});

test("after a restore the app's role may read, and may not change what is final", async () => {
  const client = connect(target.appUrl, { max: 1 });
  try {
    expect(await client`select name from projects`).toHaveLength(1);
    await expect(client`update looks set id = id`).rejects.toMatchObject({ code: "42501" });
  } finally {
    await client.end();
  }
});

test.each([
  ["a byte was changed in", (bytes: Buffer) => bytes.map((byte, at) => (at === 520 ? byte ^ 1 : byte))],
  ["the end was cut off", (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
  [
    "the last block alone is missing of",
    (bytes: Buffer) => bytes.subarray(0, bytes.lastIndexOf("holdout-backup.json")),
  ],
  ["nothing is left of", () => Buffer.alloc(0)],
])("a backup is refused where %s it", async (_what, damage) => {
  const whole = fileOf("to-damage.tar");
  await rm(whole, { force: true });
  await writeBackup(source.ownerUrl, folderStore(fileOf("blobs")), whole);
  await writeFile(whole, damage(await readFile(whole)));
  await expect(verifyBackup(whole)).rejects.toThrow(/damaged|complete|can't be read/);
});

test.each([
  ["at the end of a short table", "runs"],
  ["in the middle of a long one", "batches"],
])("a row that PostgreSQL refuses %s leaves the database as it was", async (_where, refused) => {
  const file = fileOf(`refused-${refused}.tar`);
  const header = await writeBackup(source.ownerUrl, folderStore(fileOf("blobs")), file);
  const before = await contentsOf(target.ownerUrl);
  for (const table of header.tables) if (table.name === refused) table.columns.reverse();
  await expect(restoreBackup(file, header, target, folderStore(fileOf("restored")))).rejects.toThrow(
    /refused rows of the table (runs|batches) \(.*(invalid input syntax|column|missing data).*\); nothing was changed/,
  );
  expect(await contentsOf(target.ownerUrl)).toEqual(before);
});

test("a file that the store lost or that changed there is named, and the rest is written", async () => {
  const store = fileOf("damaged");
  await mkdir(path.join(store, hash.slice(0, 2)), { recursive: true });
  await writeFile(path.join(store, hash.slice(0, 2), hash), "other bytes");
  for (const [name, blobs] of [
    ["changed.tar", store],
    ["lost.tar", fileOf("nowhere")],
  ] as const) {
    await writeBackup(source.ownerUrl, folderStore(blobs), fileOf(name));
    const header = await verifyBackup(fileOf(name));
    expect(header.damaged).toEqual([hash]);
    await restoreBackup(fileOf(name), header, target, folderStore(fileOf("restored-damaged")));
    expect(await readdir(fileOf("restored-damaged"), { recursive: true }).catch(() => [])).not.toContain(hash);
  }
});

test("a backup of a newer schema is refused by name", async () => {
  const header = await writeBackup(source.ownerUrl, folderStore(fileOf("blobs")), fileOf("newer.tar"));
  const newer = { ...header, migration: { when: header.migration.when + 1, tag: "9999_later" } };
  expect(() => refuseUnknownSchema(header)).not.toThrow();
  expect(() => refuseUnknownSchema(newer)).toThrow(/9999_later.*newer/);
});

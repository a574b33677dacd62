/** The driver where the server ends its connections: each statement is answered, and nothing is thrown where nobody catches. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "./connection.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

type Client = ReturnType<typeof connect>;
let database: TestDatabase;
let killer: Client;
const thrown: unknown[] = [];
const note = (error: unknown) => void thrown.push(error);

beforeAll(async () => {
  database = await createTestDatabase();
  killer = connect(database.ownerUrl, { max: 1 });
  await killer`create table entries (a int)`;
  for (const event of ["uncaughtException", "unhandledRejection"] as const) process.on(event, note);
});
afterAll(async () => {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) process.off(event, note);
  await killer.end();
  await database.drop();
});

/** Ends all connections but the killer's own, and returns when they are gone. */
async function endConnections(): Promise<void> {
  const others = killer`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`;
  await others;
  const left = async () =>
    (
      await killer`select 1 from pg_stat_activity where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`
    ).length;
  await expect.poll(left, { interval: 5 }).toBe(0);
}
/** A promise and what settles it. */
function promised<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
/** Also that no place was free yet, as the ended backends of a busy server go one by one. */
const lost = /CONNECTION_CLOSED|57P01|57P03|53300|ECONNRESET|EPIPE/;
const codeOf = (error: unknown) => String((error as { code?: string }).code ?? error);
const inTime = <T>(promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, late) => setTimeout(late, 10_000, new Error("never answered")).unref()),
  ]);

test("a transaction whose connection ended is refused its next statement, and the pool goes on", async () => {
  const client = connect(database.ownerUrl, { max: 1 });
  const next = promised<string>();
  const failed = client.begin(async (tx) => {
    await tx`select 1`;
    await endConnections();
    next.resolve(await tx`insert into entries values (1)`.then(() => "done", codeOf));
    await tx`insert into entries values (2)`;
  });
  await expect(failed.catch(codeOf)).resolves.toMatch(lost);
  expect(await inTime(next.promise)).toMatch(lost);
  expect(await inTime(client`select a from entries`)).toEqual([]);
  await client.end();
});

test("a statement of a transaction that is over is not done on the connection that came after it", async () => {
  const client = connect(database.ownerUrl, { max: 1 });
  const next = promised<string>();
  const failed = client.begin(async (tx) => {
    await tx`select 1`;
    await endConnections();
    // the one connection is made anew for this, and the transaction that it had is gone with the old one
    const served = () => client`select 1 as a`.then(() => "served", codeOf);
    const renewed = expect.poll(served, { interval: 5 }).toBe("served");
    next.resolve(await renewed.then(() => tx`insert into entries values (3)`).then(() => "done", codeOf));
  });
  await expect(failed.catch(codeOf)).resolves.toMatch(lost);
  expect(await inTime(next.promise)).toMatch(lost);
  expect(await inTime(client`select a from entries`)).toEqual([]);
  await client.end();
});

test("whenever connections end, every statement is refused or gets its own answer, and the next ones are served", async () => {
  const client = connect(database.ownerUrl, { max: 4 });
  let rounds = 0;
  let answered = 0;
  const refused = (error: unknown): [] => {
    expect(codeOf(error)).toMatch(lost);
    return [];
  };
  const work = async () => {
    while (rounds < 60) {
      const text = "x".repeat((answered * 37) % 2000);
      const [row] = await inTime(client`select ${text} as x`.catch(refused));
      if (row) expect(row.x).toBe(text);
      const rows = await inTime(client.begin((tx) => [tx`select 1 as a`, tx`select 2 as a`]).catch(refused));
      expect([[], [[{ a: 1 }], [{ a: 2 }]]]).toContainEqual(rows.map((each) => [...each]));
      answered++;
    }
  };
  const kill = async () => {
    for (; rounds < 60; rounds++) {
      const before = answered;
      await killer`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`;
      await expect.poll(() => answered, { interval: 5, timeout: 20_000 }).toBeGreaterThan(before);
    }
  };
  await Promise.all([kill(), ...Array.from({ length: 8 }, work)]);
  expect(await inTime(client`select 1 as a`)).toMatchObject([{ a: 1 }]);
  expect(thrown).toEqual([]);
  await client.end();
});

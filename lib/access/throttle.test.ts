/** Guessing is slowed for who guesses, and for nobody else; strangers' tries cost the server little. */
import { expect, test } from "vitest";
import { connect, connections } from "../../db/connection.ts";
import { newMember, PASSWORD, prepareWorkspace } from "../test-workspace.ts";
import { systemActor } from "./actor.ts";
import { inTurn } from "./hashes/turns.ts";
import { createInvitation } from "./links.ts";
import { signIn, spendLink } from "./sign-in.ts";
import { countSignIn, countTry, sweepTries } from "./throttle.ts";

const workspace = prepareWorkspace();

const from = (address: string, cookie = "") => new Headers({ "x-forwarded-for": address, cookie });
const cookieOf = (lines: string[]) => lines.map((line) => line.split(";", 1)[0]).join("; ");
const putOff = { status: 503, detail: "Too many tries. Wait a minute, then try again." };

/** Tries until one is put off; how many were let through. */
async function triesOf(headers: (at: number) => Headers, email: (at: number) => string, most: number): Promise<number> {
  for (let at = 0; at < most; at++)
    try {
      await countSignIn(email(at), headers(at));
    } catch {
      return at;
    }
  return most;
}

test("a stranger's guesses put that stranger off, and the owner signs in from elsewhere and from a known browser", async () => {
  const { actor } = await newMember("member");
  const right = { email: actor.email, password: PASSWORD };
  const { setCookies } = await signIn(right, from("198.51.100.7"));
  const known = cookieOf(setCookies);
  for (let guess = 0; guess < 10; guess++) {
    const wrong = signIn({ email: actor.email, password: `guess ${guess}` }, from("203.0.113.5"));
    await expect(wrong).rejects.toMatchObject({ status: 401 });
  }
  await expect(signIn(right, from("203.0.113.5"))).rejects.toMatchObject(putOff);
  await signIn(right, from("198.51.100.8"));
  await signIn(right, from("203.0.113.5", known));
});

test("guesses for one address from everywhere are put off in the end, but for a browser that the owner knows", async () => {
  const { actor, cookie } = await newMember("viewer");
  const everywhere = (at: number) => from(`10.0.${at}.1`);
  expect(await triesOf(everywhere, () => actor.email, 150)).toBe(100);
  await expect(countSignIn(actor.email, from("192.0.2.1"))).rejects.toMatchObject(putOff);
  expect(await countSignIn(actor.email, from("192.0.2.1", cookie))).toBe("known");
});

test("the first tries of an office come in at once, and each is counted", async () => {
  const owner = connect(workspace.database().ownerUrl, { max: 1 });
  for (let office = 0; office < 30; office++) {
    let tries: Promise<void>[] = [];
    // held until all of them wait for it
    await owner.begin(async (tx) => {
      await tx`lock table rate_limits`;
      tries = Array.from({ length: 10 }, () => countTry(`an office ${office}`, 10));
      await expect.poll(async () => (await tx`select from pg_locks where not granted`).length).toBe(10);
    });
    await Promise.all(tries);
    await expect(countTry(`an office ${office}`, 10)).rejects.toMatchObject(putOff);
  }
  await owner.end();
});

test("a known browser has tries of its own, ten a minute", async () => {
  const { actor, cookie } = await newMember("viewer");
  expect(
    await triesOf(
      () => from("192.0.2.9", cookie),
      () => actor.email,
      15,
    ),
  ).toBe(10);
});

test("a browser is known for the address that signed in with it alone, and not by a cookie that was made up", async () => {
  const [one, other] = [await newMember("viewer"), await newMember("viewer")];
  expect(await countSignIn(other.actor.email, from("192.0.2.2", one.cookie))).toBe("stranger");
  const [id] = /holdout\.browser=([\w-]+)/.exec(one.cookie)!.slice(1);
  const forged = `holdout.browser=${id}.${"A".repeat(43)}`;
  expect(await countSignIn(one.actor.email, from("192.0.2.2", forged))).toBe("stranger");
});

test("tries for made-up addresses are counted by origin, an IPv6 household as one, and leave few rows", async () => {
  await connections().sql`delete from rate_limits where true`;
  const household = (at: number) => from(`2001:db8:1:2:${at.toString(16)}::1`);
  expect(await triesOf(household, (at) => `nobody-${at}@example.org`, 100)).toBe(60);
  for (let at = 0; at < 20; at++) await countSignIn(`more-${at}@example.org`, household(at)).catch(() => "put off");
  const [rows] = await connections().sql`select count(*)::int as n from rate_limits`;
  // the origin's, and of each let through two
  expect(rows).toEqual({ n: 1 + 60 * 2 });
});

test("tries are swept when their minute is over", async () => {
  await countSignIn("swept@example.org", from("192.0.2.3"));
  await sweepTries();
  const count = async () => (await connections().sql`select count(*)::int as n from rate_limits`)[0]!.n as number;
  expect(await count()).toBeGreaterThan(0);
  await sweepTries(Date.now() + 61_000);
  expect(await count()).toBe(0);
});

test("a link that isn't there, or is for another address, costs no hash", async () => {
  const { url } = await createInvitation(systemActor, { email: "right@example.org", role: "viewer" });
  const secret = new URL(url).hash.slice(1);
  // while the one hash at a time is another's, only who needs none is answered
  await inTurn("known", async () => {
    const spend = (secret: string) =>
      spendLink({ secret, email: "wrong@example.org", password: PASSWORD }, from("192.0.2.4"));
    await expect(spend("guess")).rejects.toMatchObject({ status: 410 });
    await expect(spend(secret)).rejects.toMatchObject({ status: 400, errors: [{ field: "email" }] });
  });
});

test("tries of links are counted by origin", async () => {
  const spend = (address: string) =>
    spendLink({ secret: "guess", email: "a@example.org", password: PASSWORD }, from(address));
  for (let at = 0; at < 60; at++) await expect(spend("192.0.2.5")).rejects.toMatchObject({ status: 410 });
  await expect(spend("192.0.2.5")).rejects.toMatchObject(putOff);
  await expect(spend("192.0.2.6")).rejects.toMatchObject({ status: 410 });
});

test("one works at a time, the known before strangers, and who comes to a full queue is told", async () => {
  const order: string[] = [];
  let running = 0;
  const work = (name: string) => async () => {
    expect(++running).toBe(1);
    await new Promise(setImmediate);
    running--;
    order.push(name);
  };
  const turns = [inTurn("stranger", work("first"))];
  for (let at = 0; at < 50; at++) turns.push(inTurn("stranger", work("stranger")));
  await expect(inTurn("stranger", work("too many"))).rejects.toMatchObject({ status: 503 });
  turns.push(inTurn("known", work("known")));
  await Promise.all(turns);
  expect(order.slice(0, 3)).toEqual(["first", "known", "stranger"]);
  expect(order).toHaveLength(52);
});

test("a work that fails gives its turn on", async () => {
  await expect(inTurn("stranger", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await inTurn("stranger", async () => "goes on")).toBe("goes on");
});

test("a fault of the server's isn't called a wrong password", async () => {
  const { actor } = await newMember("viewer");
  const owner = connect(workspace.database().ownerUrl, { max: 1 });
  await owner`alter table accounts rename to accounts_away`;
  try {
    const signedIn = signIn({ email: actor.email, password: PASSWORD }, from("192.0.2.7"));
    await expect(signedIn).rejects.not.toMatchObject({ status: 401 });
  } finally {
    await owner`alter table accounts_away rename to accounts`;
    await owner.end();
  }
});

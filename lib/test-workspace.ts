/** A workspace for one test file: a real database, a folder for files, members, a project, runs that log. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { v4 as uuidv4 } from "uuid";
import { afterAll, beforeAll } from "vitest";
import { closeConnections, connect, connections } from "../db/connection.ts";
import { accounts, users } from "../db/schema/people.ts";
import { createTestDatabase, type TestDatabase } from "../db/test-database.ts";
import { type MemberActor, systemActor, type TokenActor } from "./access/actor.ts";
import { recordAct } from "./access/audit.ts";
import { askAuth } from "./access/auth.ts";
import { rememberBrowser } from "./access/callers/known-browser.ts";
import { hashPassword } from "./access/hashes/passwords.ts";
import { createInvitation } from "./access/links.ts";
import { createRunToken } from "./access/run-tokens.ts";
import { hashSecret } from "./access/secret.ts";
import { actorOf, addMember, findLink, markSpent, memberFromHeaders } from "./access/sign-in.ts";
import { createToken, tokenActor } from "./access/tokens.ts";
import { dropNotices } from "./live/notices.ts";
import { createProject } from "./projects/projects.ts";
import { createRun, type RunDetail } from "./runs/runs.ts";
import { createWriter } from "./runs/writers.ts";
import type { Role, Split, TokenScope } from "./wire/base/words.ts";
import { type Batch, encodeBatch } from "./wire/points/batch.ts";
import type { Project } from "./wire/projects.ts";

export const TEST_ORIGIN = "http://holdout.test";

/** Prepares a database and a data folder before the file's tests, and removes them afterwards. */
export function prepareWorkspace(): { database: () => TestDatabase } {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(path.join(tmpdir(), "holdout-data-"));
    process.env.DATABASE_APP_URL = database.appUrl;
    process.env.HOLDOUT_DATA_DIR = folder;
    delete process.env.HOLDOUT_FILES;
    process.env.HOLDOUT_URL = TEST_ORIGIN;
    process.env.HOLDOUT_SECRET = uuidv4() + uuidv4();
    // files share a process: what a timer of the file before has opened is not this database
    await closeConnections();
    await startNumbers(database.ownerUrl);
  });
  afterAll(async () => {
    dropNotices();
    await closeConnections();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
  return { database: () => database };
}

/** Numbers that no other database of the process gave: the server keeps by them what never changes. */
const startNumbers = (ownerUrl: string): Promise<void> =>
  sqlAs(
    ownerUrl,
    `select setval('datasets_number_seq', ${++databases * 10_000}), setval('manifests_number_seq', ${databases * 10_000})`,
  );
let databases = 0;

/** Does SQL in a session of its own, as the role that `url` names. */
export async function sqlAs(url: string, statement: string): Promise<void> {
  const session = connect(url, { max: 1 });
  await session.unsafe(statement).finally(() => session.end());
}

/** From now on this process's connections go to `appUrl`. */
export async function connectTo(appUrl: string): Promise<void> {
  await closeConnections();
  process.env.DATABASE_APP_URL = appUrl;
}

export const PASSWORD = "a password of some length";
let people = 0;

/** Hashed once a process: by the doors of people, a member costs two hashes of a tenth of a second each. */
let passwordHash: Promise<string> | null = null;

/** A member who came by an invitation and has `PASSWORD`; `cookie` is their session's. */
export async function newMember(role: Role): Promise<{ actor: MemberActor; cookie: string }> {
  const email = `${role}-${++people}@example.org`;
  const { url } = await createInvitation(systemActor, { email, role });
  passwordHash ??= hashPassword(PASSWORD);
  const userId = await acceptInvitation(new URL(url).hash.slice(1), {
    email,
    name: `${role} ${people}`,
    password: await passwordHash,
  });
  const { headers } = await askAuth((api) =>
    api.signInProven({ body: { userId }, headers: new Headers(), returnHeaders: true }),
  );
  const lines = [...headers.getSetCookie(), rememberBrowser(email)];
  const cookie = lines.map((line) => line.split(";", 1)[0]).join("; ");
  const actor = await memberFromHeaders(new Headers({ cookie }));
  if (!actor) throw new Error("the session that began with the invitation is not there");
  return { actor, cookie };
}

/** As `spendLink` does, with a hash that was made before; the member's id. */
function acceptInvitation(secret: string, given: { email: string; name: string; password: string }): Promise<string> {
  return connections().db.transaction(async (tx) => {
    const link = (await findLink(tx, hashSecret(secret)))!;
    await markSpent(tx, link);
    const member = await addMember(tx, given, link);
    const credential = { providerId: "credential", accountId: member.id, userId: member.id };
    await tx.insert(accounts).values({ id: uuidv4(), ...credential, password: given.password });
    const detail = { email: given.email, from: null, to: member.role };
    await recordAct(tx, actorOf(member), { action: "link.invitation", subject: `member:${member.id}`, detail });
    return member.id;
  });
}

export const newProject = (name = "Signs", metric: string | null = null): Promise<Project> =>
  createProject(systemActor, { name, primaryMetric: metric });

export async function newToken(project: Project, scope: TokenScope): Promise<{ actor: TokenActor; secret: string }> {
  const { secret } = await createToken(systemActor, project.id, { name: `a ${scope} machine`, scope });
  const actor = await tokenActor(secret);
  if (!actor) throw new Error("the token that was just made is not there");
  return { actor, secret };
}

/** A token that the server makes for one run, and answers for by a member. */
export async function newRunToken(member: MemberActor, projectId: string, runId: string) {
  const { secret } = await connections().db.transaction((tx) => createRunToken(tx, member, { runId, projectId }));
  const actor = await tokenActor(secret);
  if (!actor) throw new Error("the token that was just made is not there");
  return { actor, secret };
}

/** A run with one writer registered. */
export async function newRun(project: Project, input: object = {}): Promise<{ run: RunDetail; writer: string }> {
  const run = await createRun(systemActor, { project: project.id, ...input });
  const writer = uuidv4();
  await createWriter(systemActor, run.id, { writer });
  return { run, writer };
}

/** A batch of one group; times are the steps' own, in seconds. */
export function batchOf(
  writer: string,
  sequence: number,
  split: Split | null,
  steps: number[],
  metrics: Record<string, number[]>,
): Batch {
  return {
    writer,
    sequence,
    groups: [
      {
        split,
        steps: Float64Array.from(steps),
        times: Float64Array.from(steps, (step) => (step % 1e9) * 1000),
        metrics: new Map(Object.entries(metrics).map(([name, values]) => [name, Float64Array.from(values)])),
      },
    ],
  };
}

export const bytesOf = (batch: Batch): Buffer => Buffer.from(encodeBatch(batch));

/** How many members the workspace has with this address. */
export const countMembers = async (email: string): Promise<number> =>
  (await connections().db.select().from(users).where(eq(users.email, email))).length;

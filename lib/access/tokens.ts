/** Tokens of machines: bound to a project, or of the workspace; scoped, revocable within five seconds. */

import { and, desc, eq, gt, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { projects, tokens } from "../../db/schema/projects.ts";
import { BoundedMap } from "../bounded-map.ts";
import { ProblemError, parse } from "../problem.ts";
import type { TokenScope } from "../wire/base/words.ts";
import { tokenCreateSchema } from "../wire/tokens.ts";
import type { Actor, TokenActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { authorise, type Permission } from "./permissions.ts";
import { createSecret, hashSecret } from "./secret.ts";
import { requireStill } from "./standing.ts";

/** Tokens begin with it. */
export const TOKEN_PREFIX = "hold_";
const REMEMBERED_MS = 4_000;
const REMEMBERED_MAX = 10_000;

/** A token that people made. */
export type Token = {
  id: string;
  name: string;
  scope: TokenScope | "workspace";
  hint: string;
  createdBy: string | null;
  createdAt: string;
  usedAt: string | null;
  revokedAt: string | null;
};

/** What making a token takes, and revoking it. */
export const permissionFor = (scope: TokenActor["scope"]): Permission =>
  scope === "run" ? "runs.log" : adminsAlone.includes(scope) ? "tokens.manage-admin" : "tokens.manage";
const adminsAlone: readonly TokenActor["scope"][] = ["admin", "evaluate", "workspace"];

/** Makes a token. Its secret is returned this once and kept as a hash. */
export async function createToken(
  actor: Actor,
  projectId: string,
  input: unknown,
): Promise<{ id: string; secret: string }> {
  const given = { ...parse(tokenCreateSchema, input), projectId };
  authorise(actor, permissionFor(given.scope), projectId);
  const secret = TOKEN_PREFIX + createSecret();
  const id = uuidv7();
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, permissionFor(given.scope), projectId);
    const [project] = await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId));
    if (!project) throw new ProblemError("not-found", "there is no project with that id");
    const hint = secret.slice(0, TOKEN_PREFIX.length + 4);
    const [createdBy, ownerId] = actor.kind === "member" ? [actor.name, actor.id] : [null, null];
    await tx.insert(tokens).values({ id, ...given, secretHash: hashSecret(secret), hint, createdBy, ownerId });
    const detail = { name: given.name, from: null, to: given.scope };
    await recordAct(tx, actor, { action: "token.create", subject: `token:${id}`, projectId, detail });
  });
  return { id, secret };
}

const workspaceTokenSchema = tokenCreateSchema.pick({ name: true });

/**
 * Makes a token of the workspace, for programs that create projects and log to any. Its secret is returned this once and kept
 * as a hash.
 */
export async function createWorkspaceToken(
  actor: Actor,
  input: { name: string },
): Promise<{ id: string; secret: string }> {
  const { name } = parse(workspaceTokenSchema, input);
  authorise(actor, permissionFor("workspace"));
  const secret = TOKEN_PREFIX + createSecret();
  const id = uuidv7();
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, permissionFor("workspace"));
    const hint = secret.slice(0, TOKEN_PREFIX.length + 4);
    const [createdBy, ownerId] = actor.kind === "member" ? [actor.name, actor.id] : [null, null];
    const given = { name, scope: "workspace" as const };
    await tx.insert(tokens).values({ id, ...given, secretHash: hashSecret(secret), hint, createdBy, ownerId });
    const detail = { name, from: null, to: given.scope };
    await recordAct(tx, actor, { action: "token.create", subject: `token:${id}`, detail });
  });
  return { id, secret };
}

/** The tokens that people made for a project, newest first, revoked ones too, at most 500. */
export async function listTokens(actor: Actor, projectId: string): Promise<Token[]> {
  authorise(actor, "tokens.read", projectId);
  return readTokens(and(eq(tokens.projectId, projectId), ne(tokens.scope, "run")));
}

/** The tokens of the workspace, as `listTokens` has them. */
export async function listWorkspaceTokens(actor: Actor): Promise<Token[]> {
  authorise(actor, permissionFor("workspace"));
  return readTokens(eq(tokens.scope, "workspace"));
}

async function readTokens(where: SQL | undefined): Promise<Token[]> {
  const rows = await connections().db.select().from(tokens).where(where).orderBy(desc(tokens.id)).limit(500);
  return rows.map(({ id, name, scope, hint, createdBy, createdAt, usedAt, revokedAt }) => ({
    id,
    name,
    scope: scope as Token["scope"],
    hint,
    createdBy,
    createdAt: createdAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  }));
}

/**
 * Revokes a token; every server refuses it within five seconds. May be repeated. Who might make it may revoke it, whoever
 * made it: a member any but those of scope admin.
 */
export async function revokeToken(actor: Actor, id: string): Promise<void> {
  authorise(actor, "tokens.manage");
  const live = and(eq(tokens.id, parse(z.uuid(), id)), isNull(tokens.revokedAt));
  await connections().db.transaction(async (tx) => {
    const [token] = await tx.select().from(tokens).where(live).for("update");
    if (!token) return;
    authorise(actor, permissionFor(token.scope), token.projectId ?? undefined);
    await endToken(tx, actor, token);
  });
}

/** Revokes a token for good, for who is authorised. */
export async function endToken(tx: Executor, actor: Actor, token: typeof tokens.$inferSelect): Promise<void> {
  const { id, projectId, name } = token;
  await tx.update(tokens).set({ revokedAt: sql`now()` }).where(eq(tokens.id, id));
  const detail = { name, from: token.scope, to: "revoked" };
  await recordAct(tx, actor, { action: "token.revoke", subject: `token:${id}`, projectId, detail });
}

// what was read of a token, for a few seconds: a trainer sends many batches a second
const remembered = new BoundedMap<string, { actor: TokenActor; until: number }>(REMEMBERED_MAX);

/** The actor that `Authorization: Bearer …` names, or null for a token that is unknown or revoked. */
export async function tokenActor(secret: string): Promise<TokenActor | null> {
  if (!secret.startsWith(TOKEN_PREFIX)) return null;
  const hash = hashSecret(secret);
  const key = hash.toString("base64");
  const known = remembered.get(key);
  if (known && known.until > Date.now()) return known.actor;
  remembered.delete(key);
  const read = await readToken(hash);
  if (!read) return null;
  const until = Math.min(Date.now() + REMEMBERED_MS, read.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY);
  remembered.set(key, { actor: read.actor, until });
  return read.actor;
}

async function readToken(hash: Buffer): Promise<{ actor: TokenActor; expiresAt: Date | null } | null> {
  const { db } = connections();
  const { id, name, projectId, scope, runId, expiresAt } = tokens;
  const isLive = and(isNull(tokens.revokedAt), or(isNull(expiresAt), gt(expiresAt, sql`now()`)));
  const [found] = await db
    .select({ id, name, projectId, scope, runId, expiresAt })
    .from(tokens)
    .leftJoin(projects, eq(projects.id, tokens.projectId))
    .where(and(eq(tokens.secretHash, hash), isLive, isNull(projects.deletedAt)));
  if (!found) return null;
  await db
    .update(tokens)
    .set({ usedAt: sql`now()` })
    .where(
      and(eq(tokens.id, found.id), or(isNull(tokens.usedAt), lt(tokens.usedAt, sql`now() - interval '1 minute'`))),
    );
  const { expiresAt: until, ...actor } = found;
  return { actor: { kind: "token", ...actor }, expiresAt: until };
}

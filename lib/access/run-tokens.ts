/** Tokens of one run: the server makes one for what trains in a member's browser. It logs points to that run, and no more. */
import { and, eq, isNull, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Executor } from "../../db/connection.ts";
import { tokens } from "../../db/schema/projects.ts";
import type { Actor, MemberActor } from "./actor.ts";
import { recordAct } from "./audit.ts";
import { createSecret, hashSecret } from "./secret.ts";
import { requireStill } from "./standing.ts";
import { endToken, permissionFor, TOKEN_PREFIX } from "./tokens.ts";

/** How long such a token lives, in milliseconds. It ends sooner with its run. */
export const RUN_TOKEN_MS = 3_600_000;

/** Makes a token for a run that the same transaction made. Its secret is returned this once, and kept as a hash. */
export async function createRunToken(
  tx: Executor,
  member: MemberActor,
  { runId, projectId }: { runId: string; projectId: string },
): Promise<{ secret: string; expiresAt: string }> {
  await requireStill(tx, member, permissionFor("run"), projectId);
  const secret = TOKEN_PREFIX + createSecret();
  const [token] = await tx
    .insert(tokens)
    .values({
      id: uuidv7(),
      projectId,
      runId,
      name: "training in the browser",
      scope: "run",
      secretHash: hashSecret(secret),
      hint: secret.slice(0, TOKEN_PREFIX.length + 4),
      createdBy: member.name,
      ownerId: member.id,
      expiresAt: sql`now() + make_interval(secs => ${RUN_TOKEN_MS / 1000})`,
    })
    .returning({ id: tokens.id, name: tokens.name, expiresAt: tokens.expiresAt });
  const { id, name, expiresAt } = token!;
  const detail = { name, scope: "run", run: runId };
  await recordAct(tx, member, { action: "token.create", subject: `token:${id}`, projectId, detail });
  return { secret, expiresAt: expiresAt!.toISOString() };
}

/** Revokes what tokens a run has of its own, when it ends. */
export async function endRunTokens(tx: Executor, actor: Actor, runId: string): Promise<void> {
  const live = await tx
    .select()
    .from(tokens)
    .where(and(eq(tokens.runId, runId), isNull(tokens.revokedAt)))
    .for("update");
  for (const token of live) await endToken(tx, actor, token);
}

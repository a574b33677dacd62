/** How a server action answers. Next hides the words of a thrown error in production, so problems are returned. */
import "server-only";
import { refresh } from "next/cache";
import { z } from "zod";
import { currentMember } from "@/app/_session.ts";
import type { MemberActor } from "@/lib/access/actor.ts";
import { noteFullDisk } from "@/lib/health.ts";
import { asProblem, parse } from "@/lib/problem.ts";
import type { ActionOutcome } from "../parts/outcome.ts";

/**
 * Does `work` as the signed-in member and, unless told to keep it, reads the page anew. A stranger is sent to sign in
 * before anything is read. Redirects and errors that nobody can mend pass through.
 */
export async function act<Value>(
  work: (member: MemberActor) => Promise<Value>,
  page: "refresh" | "keep" = "refresh",
): Promise<ActionOutcome<Value>> {
  const { outcome, isAway } = await attempt(async () => work(await currentMember()));
  // a page that can't be read now would take the place of the one that stands there, with what was typed
  if (page === "refresh" && !isAway) refresh();
  return outcome;
}

/** A project, as actions name it. */
export const projectId = z.uuid("a project's id");
/** A run, as actions name it. */
export const runId = z.uuid("a run's id");

/** Does as `act` does, with arguments checked against `shape`: anybody can send anything to the address of an action. */
export const actOn = <Shape extends z.ZodRawShape, Value>(
  shape: Shape,
  given: { [Name in keyof Shape]: unknown },
  work: (member: MemberActor, given: z.output<z.ZodObject<Shape>>) => Promise<Value>,
  page?: "refresh" | "keep",
): Promise<ActionOutcome<Value>> => act(async (member) => work(member, parse(z.object(shape), given)), page);

/** Turns a problem into an outcome; for actions of strangers (sign in, spend a link). */
export const settle = async <Value>(work: () => Promise<Value>): Promise<ActionOutcome<Value>> =>
  (await attempt(work)).outcome;

/** `isAway`: the database can't be reached, so that no page can be read either. */
type Attempt<Value> = { outcome: ActionOutcome<Value>; isAway: boolean };

async function attempt<Value>(work: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { outcome: { ok: true, value: await work() }, isAway: false };
  } catch (error) {
    const problem = asProblem(error);
    noteFullDisk(error);
    if (!problem) throw error;
    const fieldErrors = Object.fromEntries((problem.errors ?? []).map(({ field, detail }) => [field, detail]));
    const isAway = problem.kind === "unavailable";
    return { outcome: { ok: false, error: problem.detail, fieldErrors }, isAway };
  }
}

/** A form's text field; empty where the form doesn't have it, or where something else than a form was sent. */
export function textOf(form: FormData, name: string): string {
  const value = form instanceof FormData ? form.get(name) : null;
  return typeof value === "string" ? value : "";
}

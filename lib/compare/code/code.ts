/** The code of runs, as a page shows it: what one changed of its commit, and what differs between two. Reads, and writes nothing. */
import { createHash } from "node:crypto";
import type { Actor } from "../../access/actor.ts";
import { authorise } from "../../access/permissions.ts";
import { BoundedMap } from "../../bounded-map.ts";
import type { Code } from "../../wire/runs.ts";
import { compareInThread } from "./in-thread.ts";
import { readCode } from "./read-code.ts";
import type { ShownCode } from "./shown.ts";
import { differenceOfWords, type Range } from "./word-difference.ts";

/** What was captured, without the patch. */
export type CodeFacts = Omit<Code, "diff" | "untracked"> & { hasPatch: boolean };

export type ComparedCode = {
  from: CodeFacts;
  to: CodeFacts;
  /** Both patches are against the same commit, so that what differs is known to the line. */
  isSameCommit: boolean;
  /** Null: it took too long. */
  shown: ShownCode | null;
  /** What differs in the command lines; null: they have too little in common. */
  command: { from: Range[]; to: Range[] } | null;
  /** Names of untracked files that only one has. */
  untracked: { from: string[]; to: string[]; both: number };
};

/** A live page asks again each second, and code stays as it is. */
const ANSWERS_KEPT = 30;
const kept = new BoundedMap<string, ComparedCode>(ANSWERS_KEPT);

/** A run, and the digest of its code. */
export type CodedRun = { id: string; codeDigest: string | null };

/** Null where the code of either isn't known. `only`: the file whose lines are shown. */
export async function compareCode(
  actor: Actor,
  projectId: string,
  { from, to, only }: { from: CodedRun; to: CodedRun; only: string | null },
): Promise<ComparedCode | null> {
  authorise(actor, "runs.read", projectId);
  if (from.codeDigest === null || to.codeDigest === null) return null;
  const key = JSON.stringify([projectId, from, to, only]);
  const known = kept.get(key);
  if (known) return known;
  const codes = await readCode(actor, projectId, [from.id, to.id]);
  const [own, other] = [codes.get(from.id), codes.get(to.id)];
  if (!own || !other) return null;
  const compared = await compareBoth(own, other, from.id === to.id, only);
  if (compared.shown) kept.set(key, compared);
  return compared;
}

/** `isOne`: it is the same code, of which the patch alone is told. */
async function compareBoth(from: Code, to: Code, isOne: boolean, only: string | null): Promise<ComparedCode> {
  const isSameCommit = from.commit !== null && from.commit === to.commit;
  return {
    from: factsOf(from),
    to: factsOf(to),
    isSameCommit,
    shown: isOne
      ? await showPatch(from.diff, only)
      : await compareInThread({ kind: "pair", from: from.diff, to: to.diff, isSameCommit, only }),
    command: differenceOfWords(from.command, to.command),
    untracked: namesBetween(from.untracked, to.untracked),
  };
}

const factsOf = ({ diff, untracked: _names, ...facts }: Code): CodeFacts => ({ ...facts, hasPatch: diff !== "" });

function namesBetween(from: readonly string[], to: readonly string[]): ComparedCode["untracked"] {
  const [own, others] = [new Set(from), new Set(to)];
  return {
    from: from.filter((name) => !others.has(name)),
    to: to.filter((name) => !own.has(name)),
    both: from.filter((name) => others.has(name)).length,
  };
}

const patches = new BoundedMap<string, ShownCode>(ANSWERS_KEPT);

/** What a patch changed of its commit. Null: it took too long. */
export async function showPatch(patch: string, only: string | null): Promise<ShownCode | null> {
  const key = `${createHash("sha256").update(patch).digest("hex")} ${only}`;
  const shown = patches.get(key) ?? (await compareInThread({ kind: "one", patch, only }));
  if (shown) patches.set(key, shown);
  return shown;
}

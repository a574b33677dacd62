/** A project's rounds: what each asked, learnt and adopted, and what stands behind a launch (RIGOUR P20). */
import { sql } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { welchTest } from "../../statistics/hypothesis-tests/welch.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { readAdoptedRuns } from "../adopted.ts";
import { configurationsOf, readResults } from "../results.ts";
import { listStudies } from "../studies.ts";

/** Why a launch is unsupported, or what supports it: better than what was before beyond the seeds' own spread. */
export type LaunchEvidence =
  | { kind: "supported"; delta: number; low: number; high: number; seeds: [number, number]; from: number }
  | { kind: "unsupported"; why: "nothing-before" | "other-objective" | "one-seed" | "not-better" | "no-result" };

export type Round = {
  study: Study;
  parent: { number: number; title: string } | null;
  /** Null: nothing was adopted. `number`: the trial's; null: it is gone. */
  launch: { number: number | "incumbent" | null; evidence: LaunchEvidence } | null;
  isShown: boolean;
};

const ROUNDS_MAX = 30;

/** The newest 30, the oldest of them first. */
export async function readRounds(actor: Actor, project: { id: string }, shown: Study): Promise<Round[]> {
  const all = await listStudies(actor, project.id);
  const byId = new Map(all.map((one) => [one.id, one]));
  const newest = all.slice(0, ROUNDS_MAX).reverse();
  const chosen = await readChosen(newest.flatMap(({ chosenTrial }) => chosenTrial ?? []));
  const adopted = await readAdoptedRuns(all.filter(({ chosenRun }) => chosenRun !== null).map(({ id }) => id));
  const resultsOf = async (study: Study | undefined): Promise<Chosen> => {
    const held = study && adopted.get(study.id);
    if (held) return { number: "incumbent", results: held.results };
    const number = study?.chosenTrial ? chosen.get(study.chosenTrial) : undefined;
    if (!study || number === undefined) return null;
    const found = configurationsOf(await readResults(study.id, study.objective)).find((one) => one.number === number);
    return found ? { number, results: found.results } : null;
  };
  return Promise.all(
    newest.map(async (study): Promise<Round> => {
      const parent = study.parent === null ? undefined : byId.get(study.parent);
      const isLaunched = study.decision !== null && study.decision !== "reject";
      const own = isLaunched ? await resultsOf(study) : null;
      const evidence = isLaunched && launchEvidence(study, own, parent, parent ? await resultsOf(parent) : null);
      return {
        study,
        parent: parent ? { number: parent.number, title: parent.title } : null,
        launch: evidence ? { number: own?.number ?? null, evidence } : null,
        isShown: study.id === shown.id,
      };
    }),
  );
}

/** The configurations' numbers, by trial. */
async function readChosen(trialIds: string[]): Promise<Map<string, number>> {
  if (trialIds.length === 0) return new Map();
  const rows = await connections().db.execute<{ id: string; number: number }>(
    sql`select id, number from trials where id = any(${sql.param(trialIds)}::uuid[]) and number is not null`,
  );
  return new Map(rows.map(({ id, number }) => [id, number]));
}

type Chosen = { number: number | "incumbent"; results: number[] } | null;

function launchEvidence(study: Study, own: Chosen, parent: Study | undefined, before: Chosen): LaunchEvidence {
  const unsupported = (why: Extract<LaunchEvidence, { kind: "unsupported" }>["why"]) =>
    ({ kind: "unsupported", why }) as const;
  if (!own || own.results.length === 0) return unsupported("no-result");
  if (!parent || !before) return unsupported("nothing-before");
  const isAlike = (["metric", "split", "direction"] as const).every(
    (name) => parent.objective[name] === study.objective[name],
  );
  if (!isAlike || parent.manifest !== study.manifest) return unsupported("other-objective");
  const test = own.results.length < 2 || before.results.length < 2 ? null : welchTest(own.results, before.results);
  if (!test || "undefined" in test) return unsupported("one-seed");
  const [low, high] = test.interval;
  const isBetter = study.objective.direction === "min" ? high < 0 : low > 0;
  if (!isBetter) return unsupported("not-better");
  const seeds: [number, number] = [own.results.length, before.results.length];
  return { kind: "supported", delta: test.difference, low, high, seeds, from: parent.number };
}

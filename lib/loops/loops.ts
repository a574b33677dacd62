/** Loops: begun with a recipe and a rule that stands, read with what was ruled. */
import { and, asc, desc, eq } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { loopRuns, loops, rulings, studies } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { findRefereeSplit } from "../manifests/referee-split.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { refereeDecay } from "../referee/levels.ts";
import { incumbentValue, type LoopSettings, type Loop as LoopState, levelOf, newLoop } from "../referee/loop.ts";
import { refereeSettings, squaresOf } from "../referee/ruling.ts";
import { readRow, requireStudy, type StudyRow } from "../studies/studies.ts";
import {
  type Loop,
  type LoopRule,
  loopRuleSchema,
  loopStartSchema,
  type RulingAnswer,
  type RulingFigures,
  type RulingReasonWord,
} from "../wire/studies/loops.ts";
import type { Study } from "../wire/studies/studies.ts";
import { readBlindness } from "./blindness.ts";
import { type LoopRun, readLoopRuns, sumUpRuns } from "./handed-in.ts";

export type LoopRow = typeof loops.$inferSelect;
export type RulingRow = typeof rulings.$inferSelect;

/** The loop after a ruling as its row keeps it: what was judged is the rows' own. */
export type KeptState = Omit<LoopState, "judged"> & {
  /** A run of the incumbent, and those of its runs that count already. */
  incumbentRun: string;
  counted: string[];
  /** Those of them that its values are of, in the values' order; left out by earlier versions. */
  valued?: string[];
  /** Somebody who handed a candidate in learnt more than one bit; left out by earlier versions, whose loops are. */
  isOpen?: boolean;
  /** Of a loop of milestones: then the incumbent is the confirmed recipe, and its values are of the referee split. */
  provisional?: Provisional;
  /** The runs that were handed in for the ruling, in the order of their ids. */
  handed: string[];
};

/** What a loop of milestones holds by one run each, on validation, until it is confirmed or rolled back. */
export type Provisional = {
  recipe: string;
  run: string;
  value: number | null;
  /** Candidates that were ruled on since the last milestone. */
  judged: number;
  /** What the confirmed recipe was held by. */
  confirmedValue: number | null;
};

/** `isHidden`: they are of the referee split, and stand in no answer but for what is to be run. */
export type StoredFigures = RulingFigures & { isHidden?: true };

/** Begins a loop in a study of that mode. Its rule is final. */
export async function startLoop(actor: Actor, studyId: string, input: unknown): Promise<Loop> {
  const study = await requireStudy(actor, studyId, "studies.write");
  if (study.mode !== "loop")
    throw new ProblemError("conflict", `mode: the study is of mode ${study.mode}; a loop is of mode loop`);
  const { run, rule: given } = parse(loopStartSchema, input);
  // what the study says later changes no rule
  const rule = { ...given, smallest: given.smallest ?? study.smallestDifference ?? 0 };
  if (rule.incumbentMin > rule.incumbentMax)
    throw invalid(
      "rule.incumbentMin",
      `is at most incumbentMax, received ${rule.incumbentMin} and ${rule.incumbentMax}`,
    );
  const row = await readRow(studyId);
  if (rule.milestones) await requireRefereeSplit(row);
  await sumUpRuns([run]);
  const [first] = await readLoopRuns(connections().db, row, [run], rule.seedKeys);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "studies.write", row.projectId);
    // the plan stands from here on, which an update asks under the same lock
    await tx.select({ id: studies.id }).from(studies).where(eq(studies.id, studyId)).for("no key update");
    const place = { studyId, projectId: row.projectId };
    const [made] = await tx
      .insert(loops)
      .values({ ...place, rule, firstRecipe: first!.recipe, firstRunId: run, startedBy: actor.name })
      .onConflictDoNothing()
      .returning();
    if (!made)
      throw new ProblemError("conflict", "the loop has begun, and its rule stands; make another study for another");
    await tx.insert(loopRuns).values({ ...place, ...toRow(first!), number: 1 });
    await recordAct(tx, actor, {
      action: "loop.start",
      subject: `study:${studyId}`,
      projectId: row.projectId,
      detail: { run, rule },
    });
  });
  return getLoop(actor, studyId);
}

async function requireRefereeSplit({ projectId, manifestId, split }: StudyRow): Promise<void> {
  const found = manifestId && (await findRefereeSplit(connections().db, projectId, manifestId));
  if (found && split === "validation") return;
  throw new ProblemError(
    "conflict",
    "rule.milestones: they are tested on a referee split of the study's manifest, and the objective is of its validation; register one before the first run",
    [{ field: "rule.milestones", detail: "needs a referee split of the study's manifest" }],
  );
}

export const toRow = ({ runId, recipe, seed, value }: LoopRun) => ({ runId, recipe, seed, value });

/** A loop with its newest rulings. Throws `not-found` where it hasn't begun. */
export async function getLoop(actor: Actor, studyId: string): Promise<Loop> {
  const study = await requireStudy(actor, studyId);
  return readLoop(study, await requireLoop(studyId));
}

/** The loop of a study that the actor may read; null where it hasn't begun. */
export async function findLoop(actor: Actor, study: Study, projectId: string): Promise<Loop | null> {
  authorise(actor, "studies.read", projectId);
  const [row] = await connections().db.select().from(loops).where(eq(loops.studyId, study.id));
  return row ? readLoop(study, row) : null;
}

async function readLoop(study: Study, row: LoopRow): Promise<Loop> {
  const studyId = study.id;
  const state = await readState(connections().db, row, study);
  const settings = settingsOf(ruleOf(row));
  const rows = await connections()
    .db.select()
    .from(rulings)
    .where(eq(rulings.studyId, studyId))
    .orderBy(desc(rulings.number))
    .limit(1000);
  // values of the referee split are told to nobody
  const isHidden = state.provisional !== undefined;
  const value = isHidden ? Number.NaN : incumbentValue({ ...state, judged: new Map() });
  return {
    study: studyId,
    rule: ruleOf(row),
    incumbent: {
      recipe: state.incumbent.recipe,
      run: state.incumbentRun,
      value: Number.isFinite(value) ? value : null,
      runs: state.incumbent.values.length,
    },
    noiseFloor: isHidden ? null : floorOf(state, state.incumbent.values),
    spent: state.spent,
    nextLevel: levelOf({ ...state, judged: new Map() }, settings),
    keeps: state.keeps.length,
    milestone: milestoneOf(row, state),
    blindness: await readBlindness(connections().db, study, { projectId: row.projectId, state }),
    startedBy: row.startedBy,
    startedAt: row.startedAt.toISOString(),
    rulings: rows.map(toRuling),
  };
}

function milestoneOf(row: LoopRow, { provisional, incumbent }: KeptState): Loop["milestone"] {
  const { milestones } = ruleOf(row);
  if (!milestones || !provisional) return null;
  const { recipe, run, value, judged } = provisional;
  const isDue = judged >= milestones.every && recipe !== incumbent.recipe;
  return { every: milestones.every, judged, isDue, provisional: { recipe, run, value } };
}

export async function requireLoop(studyId: string, db: Executor = connections().db): Promise<LoopRow> {
  const [row] = await db.select().from(loops).where(eq(loops.studyId, studyId));
  if (!row) throw new ProblemError("not-found", "the loop hasn't begun: POST …/loop names the run that it begins with");
  return row;
}

/** What the loop is after its newest ruling. */
export async function readState(
  db: Executor,
  loop: LoopRow,
  { objective }: { objective: Pick<Study["objective"], "direction"> },
): Promise<KeptState> {
  const [last] = await db
    .select({ after: rulings.after })
    .from(rulings)
    .where(eq(rulings.studyId, loop.studyId))
    .orderBy(desc(rulings.number))
    .limit(1);
  if (last) return { isOpen: true, ...(last.after as KeptState) };
  const firsts = await db
    .select()
    .from(loopRuns)
    .where(and(eq(loopRuns.studyId, loop.studyId), eq(loopRuns.runId, loop.firstRunId)))
    .orderBy(asc(loopRuns.number));
  const { milestones } = ruleOf(loop);
  if (milestones) return { ...initialOf(loop, firsts[0]?.value ?? null), handed: [] };
  const values = firsts.flatMap(({ value }) => value ?? []);
  const { judged: _, ...state } = newLoop(objective.direction, loop.firstRecipe, values);
  const valued = firsts.flatMap(({ runId, value }) => (value === null ? [] : runId));
  return { ...state, incumbentRun: loop.firstRunId, counted: [loop.firstRunId], valued, isOpen: false, handed: [] };
}

/** The first recipe counts as confirmed; its run was made before anybody chose, and is a provisional value alone. */
function initialOf({ firstRecipe: recipe, firstRunId: run }: LoopRow, value: number | null): Omit<KeptState, "handed"> {
  // scores of a referee split are higher where they are better
  const { judged: _, ...state } = newLoop("max", recipe, []);
  const provisional = { recipe, run, value, judged: 0, confirmedValue: value };
  return { ...state, incumbentRun: run, counted: [run], valued: [], isOpen: false, provisional };
}

/** A loop's rule; what earlier versions didn't write down is as it was then. */
export const ruleOf = ({ rule }: Pick<LoopRow, "rule">): LoopRule => loopRuleSchema.parse(rule);

/** The rule as the referee takes it. */
export function settingsOf(rule: LoopRule): LoopSettings {
  const { seedKeys: _, answerAfterMinutes: __, milestones, smallest, alpha, ...rest } = rule;
  return {
    ...refereeSettings,
    ...rest,
    // a bundle has been screened by validation, again and again
    ...(milestones && { screen: null, along: 0 }),
    smallest: smallest ?? 0,
    alpha,
    start: alpha / 2,
    decay: refereeDecay,
  };
}

/** The spread of one recipe's runs, pooled with the incumbent's; null below two degrees of freedom. */
export function floorOf(
  { groups }: Pick<KeptState, "groups">,
  incumbent: readonly number[],
): RulingFigures["noiseFloor"] {
  const squares = groups.reduce((sum, group) => sum + group.squares, squaresOf(incumbent));
  const dof = groups.reduce((sum, group) => sum + group.dof, Math.max(0, incumbent.length - 1));
  return dof < refereeSettings.dofMin ? null : { sd: Math.sqrt(squares / dof), dof };
}

function shownFigures({ isHidden, ...figures }: StoredFigures): RulingFigures {
  // rulings of earlier versions say nothing of samples
  const shown: RulingFigures = { ...withoutSamples, ...figures };
  if (!isHidden) return shown;
  return { ...shown, candidate: [], incumbent: [], noiseFloor: null, screened: null, test: null, samples: null };
}

const withoutSamples: Pick<RulingFigures, "samples"> = { samples: null };

export const toRuling = (row: RulingRow): RulingAnswer => ({
  id: row.id,
  number: row.number,
  recipe: row.recipe,
  run: row.runId,
  ruling: row.ruling,
  reason: row.reason as RulingReasonWord,
  figures: shownFigures(row.figures as StoredFigures),
  askedBy: row.askedBy,
  ruledAt: row.ruledAt.toISOString(),
});

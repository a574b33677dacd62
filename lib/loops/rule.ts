/** A candidate is handed in, and the referee rules: each ruling is a row, with the figures that it saw. */
import { and, asc, desc, eq, inArray, max } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { loopRuns, loops, rulings, studies } from "../../db/schema/studies.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { requireStill } from "../access/standing.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Loop as LoopState, levelOf, ruleOn } from "../referee/loop.ts";
import type { Ruling } from "../referee/ruling.ts";
import { readRow, requireStudy } from "../studies/studies.ts";
import { type LoopRule, type RulingAnswer, type RulingFigures, rulingInputSchema } from "../wire/studies/loops.ts";
import type { Study } from "../wire/studies/studies.ts";
import { type LoopRun, readLoopRuns, recipeLike } from "./handed-in.ts";
import { floorOf, type KeptState, type LoopRow, readState, requireLoop, settingsOf, toRow, toRuling } from "./loops.ts";

/** Rules on a candidate by its runs; or says of a config what is known before it is trained. */
export async function ruleOnCandidate(actor: Actor, studyId: string, input: unknown): Promise<RulingAnswer> {
  const study = await requireStudy(actor, studyId, "rulings.ask");
  const given = parse(rulingInputSchema, input);
  const loop = await requireLoop(studyId);
  return "ask" in given ? answerAsk(actor, { study, loop }, given.ask) : ruleByRuns(actor, { study, loop }, given.runs);
}

type Place = { study: Study; loop: LoopRow };

/** From history alone: nothing is written, and nothing spent. */
async function answerAsk(
  actor: Actor,
  { study, loop }: Place,
  { config, likeRun }: { config: Parameters<typeof recipeLike>[2]["config"]; likeRun: string },
): Promise<RulingAnswer> {
  const { seedKeys } = loop.rule as LoopRule;
  const recipe = await recipeLike(loop.projectId, likeRun, { config, seedKeys });
  const { db } = connections();
  const state = await readState(db, loop, study);
  const told = { id: null, number: null, recipe, run: null, figures: null, askedBy: actor.name, ruledAt: null };
  if (recipe === state.incumbent.recipe) return { ...told, ruling: "refused", reason: "seed-only" };
  const earlier = await judgedBefore(db, loop.studyId, recipe, state);
  return earlier
    ? { ...told, ruling: earlier, reason: "history" }
    : { ...told, ruling: "run-again", reason: "unscreened" };
}

async function ruleByRuns(actor: Actor, { study, loop }: Place, ids: string[]): Promise<RulingAnswer> {
  const { seedKeys } = loop.rule as LoopRule;
  const runIds = [...new Set(ids)].sort();
  const handed = await readLoopRuns(await readRow(study.id), [...new Set(ids)], seedKeys);
  return connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "rulings.ask", loop.projectId);
    // one candidate at a time: the level of a place is known before its runs are looked at
    const [locked] = await tx.select().from(studies).where(eq(studies.id, study.id)).for("no key update");
    const same = await ruledLast(tx, study.id, runIds);
    if (same) return same;
    if (locked?.status === "concluded")
      throw new ProblemError("conflict", "the study is concluded; make one that follows it, with a loop of its own");
    const state = await readState(tx, loop, study);
    await keepRuns(tx, loop, handed);
    const candidates = [...new Set(handed.map(({ recipe }) => recipe))].filter((one) => one !== state.incumbent.recipe);
    if (candidates.length > 1)
      throw new ProblemError(
        "conflict",
        `runs: they are of ${candidates.length} candidates; hand them in one after another`,
      );
    const recipe = candidates[0] ?? handed[0]!.recipe;
    const sides = await readSides(tx, study.id, recipe, state);
    const ruled = weigh(state, { recipe, sides, earlier: await judgedBefore(tx, study.id, recipe, state) }, loop);
    const run = sides.candidate[0]?.runId ?? handed[0]!.runId;
    return store(tx, actor, { loop, recipe, run, ...ruled, after: { ...ruled.after, handed: runIds } });
  });
}

/** The same runs handed in once more, as where an answer was lost: the ruling that is there. Null: they are others. */
async function ruledLast(tx: Executor, studyId: string, handed: readonly string[]): Promise<RulingAnswer | null> {
  const [last] = await tx
    .select()
    .from(rulings)
    .where(eq(rulings.studyId, studyId))
    .orderBy(desc(rulings.number))
    .limit(1);
  return last && (last.after as KeptState).handed.join() === handed.join() ? toRuling(last) : null;
}

/** Notes runs that weren't handed in before, as they are now. */
async function keepRuns(tx: Executor, { studyId, projectId }: LoopRow, handed: LoopRun[]): Promise<void> {
  const known = await tx
    .select({ runId: loopRuns.runId })
    .from(loopRuns)
    .where(
      and(
        eq(loopRuns.studyId, studyId),
        inArray(
          loopRuns.runId,
          handed.map(({ runId }) => runId),
        ),
      ),
    );
  const there = new Set(known.map(({ runId }) => runId));
  const fresh = handed.filter(({ runId }) => !there.has(runId));
  if (fresh.length === 0) return;
  const [last] = await tx
    .select({ number: max(loopRuns.number) })
    .from(loopRuns)
    .where(eq(loopRuns.studyId, studyId));
  const first = (last?.number ?? 0) + 1;
  await tx.insert(loopRuns).values(fresh.map((run, at) => ({ ...toRow(run), studyId, projectId, number: first + at })));
}

export type Sides = { candidate: LoopRun[]; incumbent: LoopRun[] };

/** Runs of both recipes, each seed once; of the incumbent those that don't count yet. */
export async function readSides(tx: Executor, studyId: string, recipe: string, state: KeptState): Promise<Sides> {
  const rows = await tx
    .select()
    .from(loopRuns)
    .where(and(eq(loopRuns.studyId, studyId), inArray(loopRuns.recipe, [recipe, state.incumbent.recipe])))
    .orderBy(asc(loopRuns.number));
  const once = (some: typeof rows) => some.filter(({ seed }, at) => some.findIndex((one) => one.seed === seed) === at);
  const of = (wanted: string) => once(rows.filter((row) => row.recipe === wanted));
  return {
    candidate: recipe === state.incumbent.recipe ? [] : of(recipe),
    incumbent: of(state.incumbent.recipe).filter(({ runId }) => !state.counted.includes(runId)),
  };
}

type Weighed = { ruling: Ruling; figures: RulingFigures; after: Omit<KeptState, "handed"> };

function weigh(
  state: KeptState,
  { recipe, sides, earlier }: { recipe: string; sides: Sides; earlier: "keep" | "discard" | null },
  loop: LoopRow,
): Weighed {
  const settings = settingsOf(loop.rule as LoopRule);
  const before: LoopState = { ...state, judged: new Map(earlier ? [[recipe, earlier]] : []) };
  const values = sides.candidate.map(({ value }) => value);
  // the first run is the screen; where it crashed, the second is
  const screened = settings.screen === null ? 0 : values[0] === null ? 2 : 1;
  const beside = sides.incumbent.flatMap(({ value }) => value ?? []);
  const isWarming = state.incumbent.values.length < settings.incumbentMin;
  // until it has a value the incumbent is run by itself; later its runs stand beside a confirmation
  const warmed: LoopState =
    isWarming || recipe === state.incumbent.recipe
      ? { ...before, incumbent: { ...before.incumbent, values: [...before.incumbent.values, ...beside] } }
      : before;
  const isReplicate = recipe === state.incumbent.recipe;
  const alongside = warmed === before ? beside : [];
  const confirm = values.slice(screened, screened + settings.seeds - (settings.screen === null ? 0 : 1));
  const told = ruleOn(
    warmed,
    { recipe, screen: isReplicate ? [] : values.slice(0, screened), confirm, alongside, fresh: [] },
    settings,
  );
  const { judged: _, ...after } = told.loop;
  const isKept = told.ruling.ruling === "keep" && told.ruling.reason === "gain";
  const counts = warmed !== before || after.incumbent.values.length > warmed.incumbent.values.length;
  const counted = isKept
    ? sides.candidate.map(({ runId }) => runId)
    : counts
      ? [...state.counted, ...sides.incumbent.map(({ runId }) => runId)]
      : state.counted;
  const incumbentValues = [...warmed.incumbent.values, ...alongside];
  return {
    ruling: told.ruling,
    figures: {
      level: levelOf(before, settings),
      candidate: values,
      incumbent: incumbentValues,
      noiseFloor: floorOf(state, incumbentValues),
      screened: told.ruling.screened,
      test: told.ruling.test && withoutLevel(told.ruling.test),
      run: told.ruling.run,
    },
    after: { ...after, incumbentRun: isKept ? sides.candidate[0]!.runId : state.incumbentRun, counted },
  };
}

function withoutLevel({ level: _, ...test }: NonNullable<Ruling["test"]>) {
  return test;
}

/** What was ruled of a recipe for good: it was kept, discarded, or replaced as the incumbent. Null: nothing. */
async function judgedBefore(
  db: Executor,
  studyId: string,
  recipe: string,
  state: KeptState,
): Promise<"keep" | "discard" | null> {
  if (recipe === state.incumbent.recipe) return null;
  const [ruled] = await db
    .select({ ruling: rulings.ruling })
    .from(rulings)
    .where(and(eq(rulings.studyId, studyId), eq(rulings.recipe, recipe), inArray(rulings.ruling, ["keep", "discard"])))
    .orderBy(desc(rulings.number))
    .limit(1);
  if (ruled) return "discard";
  const [loop] = await db.select({ first: loops.firstRecipe }).from(loops).where(eq(loops.studyId, studyId));
  return loop?.first === recipe ? "discard" : null;
}

type Stored = Omit<Weighed, "after"> & { after: KeptState; loop: LoopRow; recipe: string; run: string };

async function store(
  tx: Executor,
  actor: Actor,
  { loop, recipe, run, ruling, figures, after }: Stored,
): Promise<RulingAnswer> {
  const { studyId, projectId } = loop;
  const [last] = await tx
    .select({ number: max(rulings.number) })
    .from(rulings)
    .where(eq(rulings.studyId, studyId));
  const [row] = await tx
    .insert(rulings)
    .values({
      id: uuidv7(),
      studyId,
      projectId,
      number: (last?.number ?? 0) + 1,
      recipe,
      runId: run,
      ruling: ruling.ruling,
      reason: ruling.reason,
      figures,
      after,
      askedBy: actor.name,
      askedByActor: actorKey(actor),
    })
    .returning();
  const detail = { ruling: ruling.ruling, reason: ruling.reason };
  await recordAct(tx, actor, { action: "loop.ruling", subject: `study:${studyId}`, projectId, detail });
  return toRuling(row!);
}

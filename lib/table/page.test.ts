/** Filters and orders of the runs table against the same in plain TypeScript, each way that the database may take. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { archiveRuns, deleteRuns, tagRuns } from "../runs/bulk.ts";
import { createRun } from "../runs/runs.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import { conditionOf } from "./filter-sql.ts";
import { type Limits, readIds } from "./page.ts";
import { readOrder } from "./rows.ts";

prepareWorkspace();

/** `mixed` is a number in some runs and text in others; what is absent is null. */
type Known = { id: string; name: string; seed: number | null; lr: number | null; family: string | null } & {
  mixed: number | string | null;
  accuracy: number | null;
  tags: string[];
  archived: boolean;
};
const fixture = { project: "", runs: [] as Known[] };

const givenRuns = fc.sample(
  fc.record({
    name: fc.constantFrom("cnn", "rnn", "unet"),
    seed: fc.option(fc.integer({ min: 0, max: 3 })),
    lr: fc.option(fc.constantFrom(0.001, 0.01, 0.1, 1)),
    family: fc.option(fc.constantFrom("adam", "sgd", "true")),
    mixed: fc.option(fc.constantFrom(1, 2, "auto", "2")),
    accuracy: fc.option(fc.constantFrom(0.5, 0.75, 0.9)),
    tags: fc.subarray(["baseline", "paper"]),
    archived: fc.boolean(),
  }),
  { seed: 7, numRuns: 60 },
);

beforeAll(async () => {
  const project = await newProject();
  fixture.project = project.id;
  for (const { lr, family, mixed, name, seed, ...rest } of givenRuns) {
    const entries = Object.entries({ lr, family, mixed }).filter(([, value]) => value !== null);
    const run = { project: project.id, name, config: Object.fromEntries(entries), ...(seed === null ? {} : { seed }) };
    const { id } = await createRun(systemActor, run);
    fixture.runs.push({ id, name, seed, lr, family, mixed, ...rest });
    for (const tag of rest.tags) await tagRuns(systemActor, project.id, { ids: [id] }, tag);
    if (rest.archived) await archiveRuns(systemActor, project.id, { ids: [id] });
    if (rest.accuracy === null) continue;
    await connections().sql`insert into series (run_id, number, project_id, split, metric, quarantined, count,
        non_finite_count, overwritten_count, step_last, last, sum)
      values (${id}, 1, ${project.id}, 'validation', 'accuracy', false, 1, 0, 0, 0, ${rest.accuracy}, ${rest.accuracy})`;
  }
  const { id } = await createRun(systemActor, {
    project: project.id,
    name: "cnn",
    config: { lr: 0.1, family: "adam" },
  });
  await deleteRuns(systemActor, project.id, { ids: [id] });
});

type Predicate = { text: string; holds: (run: Known) => boolean };
const compared = (left: number | string, op: string, right: number | string): boolean =>
  op === "=" ? left === right : op === "<" ? left < right : op === ">=" ? left >= right : left !== right;
const op = fc.constantFrom("=", "<", ">=", "!=");

function numberTest(column: string, of: (run: Known) => number | string | null): fc.Arbitrary<Predicate> {
  return fc.tuple(op, fc.constantFrom(0, 0.01, 0.1, 0.75, 1, 2, 3)).map(([op, value]) => ({
    text: `${column} ${op} ${value}`,
    holds: (run) => {
      const own = of(run);
      // text is different from every number, and neither less nor more
      if (typeof own === "string") return op === "!=";
      return own !== null && compared(own, op, value);
    },
  }));
}

const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  numberTest("config.lr", (run) => run.lr),
  numberTest("config.mixed", (run) => run.mixed),
  numberTest("validation/accuracy.last", (run) => run.accuracy),
  fc.constantFrom("adam", "true", "sgd").map((value) => ({
    text: `config.family = ${value}`,
    holds: (run: Known) => run.family === value,
  })),
  fc.subarray([0, 1, 2], { minLength: 1 }).map((values) => ({
    text: `seed in (${values.join(", ")})`,
    holds: (run: Known) => run.seed !== null && values.includes(run.seed),
  })),
  fc.subarray([1, "auto", '"2"'], { minLength: 1 }).map((values) => ({
    text: `config.mixed in (${values.join(", ")})`,
    holds: (run: Known) => values.some((value) => run.mixed === (value === '"2"' ? "2" : value)),
  })),
  fc.constantFrom("baseline", "paper").map((tag) => ({
    text: `tags = ${tag}`,
    holds: (run: Known) => run.tags.includes(tag),
  })),
  fc.constantFrom("cnn", "rnn").map((name) => ({ text: `name = ${name}`, holds: (run: Known) => run.name === name })),
  fc.constant<Predicate>({ text: 'name ~ "^.nn$"', holds: (run) => run.name !== "unet" }),
  fc.constant<Predicate>({ text: "config.mixed is null", holds: (run) => run.mixed === null }),
  fc.constant<Predicate>({ text: "validation/accuracy.last is not null", holds: (run) => run.accuracy !== null }),
);

const { filter } = fc.letrec<{ filter: Predicate }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie("filter").map(({ text, holds }) => ({ text: `not (${text})`, holds: (run: Known) => !holds(run) })),
    fc.tuple(tie("filter"), tie("filter"), fc.boolean()).map(([a, b, isAnd]) => ({
      text: `(${a.text}) ${isAnd ? "and" : "or"} (${b.text})`,
      holds: (run: Known) => (isAnd ? a.holds(run) && b.holds(run) : a.holds(run) || b.holds(run)),
    })),
  ),
}));

const sorts: Record<string, (run: Known) => number | string | null> = {
  created: (run) => run.id,
  name: (run) => run.name,
  seed: (run) => run.seed,
  "config.lr": (run) => run.lr,
  "config.mixed": (run) => run.mixed,
  "validation/accuracy.last": (run) => run.accuracy,
};

/** Numbers before text, ties by id, all of it turned round where descending; runs without a value last, newest first. */
function inOrder(runs: Known[], of: (run: Known) => number | string | null, isDescending: boolean): string[] {
  const rank = (value: number | string) => (typeof value === "number" ? 0 : 1);
  const order = <T extends number | string>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
  const valued = runs.filter((run) => of(run) !== null);
  valued.sort((a, b) => {
    const [left, right] = [of(a)!, of(b)!];
    return rank(left) - rank(right) || order(left, right) || order(a.id, b.id);
  });
  if (isDescending) valued.reverse();
  const rest = runs.filter((run) => of(run) === null).sort((a, b) => order(b.id, a.id));
  return [...valued, ...rest].map(({ id }) => id);
}

const ways: [string, Limits][] = [
  ["sorted", { sorted: 1500, probed: 1, sieved: 0 }],
  ["probed", { sorted: 0, probed: 1500, sieved: 0 }],
  ["sieved", { sorted: 0, probed: 1, sieved: 1500 }],
  ["sifted", { sorted: 0, probed: 1, sieved: 0 }],
];

test.each(ways)(
  "a filter finds what its predicate holds of, page after page in the order asked for: %s",
  async (_, limits) => {
    const asked = fc.record({
      filter,
      sort: fc.constantFrom(...Object.keys(sorts)),
      isDescending: fc.boolean(),
      archived: fc.boolean(),
      size: fc.integer({ min: 3, max: 80 }),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ filter, sort, isDescending, archived, size }) => {
        const { project: projectId, runs } = fixture;
        const { db } = connections();
        const order = readOrder(`${isDescending ? "-" : ""}${sort}`, projectId);
        const condition = conditionOf(projectId, filter.text);
        const found: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await readIds(db, { projectId, order, condition, archived, limits }, size, cursor);
          found.push(...page.ids);
          cursor = page.next;
        } while (cursor !== null);
        const shown = runs.filter((run) => (archived || !run.archived) && filter.holds(run));
        expect(found).toEqual(inOrder(shown, sorts[sort]!, isDescending));
      }),
      { numRuns: 60 },
    );
  },
);

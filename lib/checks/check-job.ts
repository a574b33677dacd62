/** The job that checks a manifest and stores the report. May be repeated: a report that is there is left as it is. */
import { connections } from "../../db/connection.ts";
import type { JobProgram } from "../jobs/jobs.ts";
import { type Split, splits } from "../wire/base/words.ts";
import type { Check, CheckName, CheckStage } from "../wire/data/checks.ts";
import { type ManifestVerdict, manifestVerdicts } from "../wire/data/manifests.ts";
import type { Statement } from "../wire/data/statements.ts";
import { checkNearDuplicates } from "./near/near-duplicates.ts";
import type { Checked } from "./rows/checked.ts";
import { checkClassBalance, checkMissingClasses, readClustering, unseenShifts } from "./rows/class-checks.ts";
import { readClasses } from "./rows/classes.ts";
import { checkOrderedData } from "./rows/ordered-data.ts";
import { checkExactDuplicates, checkGroups, checkLabelConflicts, checkPower } from "./rows/row-checks.ts";
import { checkTimeOrder } from "./rows/time-order.ts";

type Row = { number: number; datasetNumber: number; temporal: boolean } & Record<Split, number>;

/** The gravest verdict of the checks. What doesn't apply weighs nothing. */
export const gravest = (checks: Pick<Check, "verdict">[]): ManifestVerdict =>
  manifestVerdicts.findLast((verdict) => checks.some((check) => check.verdict === verdict)) ?? "pass";

export const checkManifest: JobProgram = async ({ subject: id }, report) => {
  const { sql } = connections();
  const [row] = await sql<Row[]>`
    select m.number, d.number as "datasetNumber", m.train_count as train, m.validation_count as validation,
      m.test_count as test, d.temporal or exists (
        select from manifest_registrations r where r.manifest_id = m.id and r.method = 'time') as temporal
    from manifests m join datasets d on d.id = m.dataset_id
    where m.id = ${id} and not exists (select from manifest_reports r where r.manifest_id = m.id)`;
  if (!row) return;
  await sql.begin(async (tx) => {
    // one snapshot, and memory for hashing: spilling 10⁷ rows to disk takes several times as long
    await tx`set local work_mem = '128MB'`;
    const checked: Checked = { tx, number: row.number, datasetNumber: row.datasetNumber, temporal: row.temporal };
    const checks = await runChecks(checked, row, report);
    await tx`
      insert into manifest_reports (manifest_id, verdict, checks)
      values (${id}, ${gravest(checks)}, ${tx.json(checks)}) on conflict do nothing`;
  });
};

async function runChecks(checked: Checked, counts: Record<Split, number>, report: Parameters<JobProgram>[1]) {
  const classes = await readClasses(checked.tx, checked.number);
  const stages: [CheckStage, () => Promise<Check[]>][] = [
    ["exact-duplicates", async () => [await checkExactDuplicates(checked)]],
    ["near-duplicates", async () => [await checkNearDuplicates(checked)]],
    ["label-conflicts", async () => [await checkLabelConflicts(checked, classes)]],
    ["groups", async () => [await checkGroups(checked)]],
    ["time-order", async () => [await checkTimeOrder(checked)]],
    [
      "labels",
      async () => {
        const clustering = await readClustering(checked.tx, checked.number, classes);
        const shifts = unseenShifts(classes.balance, clustering);
        return [
          await checkOrderedData(checked, classes),
          await checkClassBalance(checked, classes, counts, { clustering, shifts }),
          await checkMissingClasses(checked, classes, counts, clustering),
          checkPower(counts, classes, shifts),
        ];
      },
    ],
  ];
  const checks: Check[] = [];
  for (const [index, [stage, run]] of stages.entries()) {
    await report(index / stages.length, stage);
    checks.push(...(await run()));
  }
  return withoutComparison(checks, counts);
}

/** Checks that compare splits with each other. */
const comparing: CheckName[] = [
  "exact-duplicates",
  "near-duplicates",
  "groups",
  "time-order",
  "ordered-data",
  "class-balance",
  "missing-classes",
];

/** Where all samples are in one split, a check that compares splits had nothing to look at: it doesn't apply, and never passes. */
function withoutComparison(checks: Check[], counts: Record<Split, number>): Check[] {
  const [only, ...others] = splits.filter((split) => counts[split] > 0);
  if (only === undefined || others.length > 0) return checks;
  const said = { kind: "one-split" as const, figures: { split: only } };
  return checks.map((check) =>
    check.verdict === "pass" && comparing.includes(check.name)
      ? { ...check, verdict: "not-applicable", statements: [said, ...check.statements.filter(isOfOneSplit)] }
      : check,
  );
}

/** What is said of the samples of one split holds all the same. */
const isOfOneSplit = ({ kind }: Statement): boolean => kind === "repeated-in-one-split";

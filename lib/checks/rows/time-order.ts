/** Whether what is tested comes after what was trained on: max(train) < min(validation) ≤ … < min(test). */
import type { PendingQuery, Row, TransactionSql } from "postgres";
import type { Check, Verdict } from "../../wire/data/checks.ts";
import type { Finding, Statement } from "../../wire/data/statements.ts";
import { type Checked, FINDINGS_SHOWN, statementsOf } from "./checked.ts";

type Times = {
  /** Samples that have a time. */
  train: number;
  test: number;
  /** Samples of train and test, and those of them without a time. */
  all: number;
  untimed: number;
  /** Test samples earlier than the last training sample, and those at its very time. */
  earlier: number;
  atLast: number;
  /** Test samples at the time of any training sample. */
  equal: number;
  /** Validation isn't between train and test. */
  isValidationAmiss: boolean;
  auc: number | null;
};

/** A test sample no later than the last training sample: block where the data is temporal, else a question. */
export async function checkTimeOrder({ tx, number, temporal }: Checked): Promise<Check> {
  const [found] = await tx<Times[]>`
    with placed as (select split, "time" from manifest_samples where manifest_number = ${number}),
    timed as (select split, "time" from placed where "time" is not null and split in ('train', 'test')),
    ends as (select max("time") filter (where split = 'train') as trained,
      min("time") filter (where split = 'validation') as tuned_from, max("time") filter (where split = 'validation') as tuned,
      min("time") filter (where split = 'test') as tested_from from placed)
    select count("time") filter (where split = 'train')::int as train, count("time") filter (where split = 'test')::int as test,
      count(*) filter (where split <> 'validation')::int as all,
      (count(*) filter (where split <> 'validation') - count("time") filter (where split <> 'validation'))::int as untimed,
      count(*) filter (where split = 'test' and "time" < (select trained from ends))::int as earlier,
      count(*) filter (where split = 'test' and "time" = (select trained from ends))::int as "atLast",
      count(*) filter (where split = 'test' and "time" in (select "time" from timed where split = 'train'))::int as equal,
      (select coalesce(trained >= tuned_from, false) or coalesce(tuned >= tested_from, false) from ends) as "isValidationAmiss",
      (select (sum(r) filter (where split = 'test') - count(*) filter (where split = 'test')::float8
          * (count(*) filter (where split = 'test') + 1) / 2)
        / nullif(count(*) filter (where split = 'test')::float8 * count(*) filter (where split = 'train'), 0)
        from (select split, rank() over (order by "time") + (count(*) over (partition by "time") - 1) / 2.0 as r from timed) ranked
      )::float8 as auc
    from placed`;
  const times = found!;
  const { test, earlier, equal, atLast, untimed, auc } = times;
  const verdict = temporal ? temporalVerdict(times) : timeVerdict(times);
  const isListed = verdict === "warn" || verdict === "block";
  return {
    name: "time-order",
    verdict,
    statements: temporal ? sayTemporal(times) : sayTimes(times, verdict),
    figures: {
      testEarlierShare: test > 0 ? earlier / test : null,
      testEqualShare: test > 0 ? equal / test : null,
      testAtLast: atLast,
      untimed,
      auc,
    },
    findings: isListed ? await listTests(tx, number, earlier > 0 ? tx`<` : tx`=`) : [],
    findingCount: isListed ? earlier || atLast : 0,
  };
}

/** Data that isn't said to be temporal has nothing to keep where nobody knows its times. */
function timeVerdict(times: Times): Verdict {
  if (times.train === 0 || times.test === 0) return "not-applicable";
  return times.earlier > 0 && isOrdered(times) ? "warn" : "pass";
}

/** An AUC of .6 is chance in small samples: its standard deviation without any order is sqrt((n + m + 1) / 12nm). */
function isOrdered({ train, test, auc }: Times): boolean {
  if (auc === null) return false;
  const sd = Math.sqrt((train + test + 1) / (12 * train * test));
  return Math.abs(auc - 0.5) > 0.1 && Math.abs(auc - 0.5) > 3 * sd;
}

/** What is earlier has no excuse. Of equal times it can't be said which came first: they are no invariant kept, and no proof. */
function temporalVerdict({ train, test, earlier, atLast, untimed, isValidationAmiss }: Times): Verdict {
  if (earlier > 0) return "block";
  if (atLast > 0 || isValidationAmiss) return "warn";
  return train === 0 || test === 0 || untimed > 0 ? "cannot-tell" : "pass";
}

const sayUntimed = ({ untimed, all }: Times): Statement | null =>
  untimed > 0 ? { kind: "samples-untimed", figures: { untimed, samples: all } } : null;

function sayTemporal(times: Times): Statement[] {
  if (times.untimed > 0 && times.untimed === times.all) return [{ kind: "temporal-without-times", figures: {} }];
  return statementsOf(sayTemporalOrder(times), sayUntimed(times));
}

function sayTemporalOrder({ train, test, earlier, atLast, untimed, isValidationAmiss }: Times): Statement {
  if (earlier > 0) return { kind: "future-trained-on", figures: { share: earlier / test } };
  if (atLast > 0) return { kind: "tests-at-last-training", figures: { samples: atLast } };
  if (isValidationAmiss) return { kind: "validation-out-of-order", figures: {} };
  if (train === 0 || test === 0) return { kind: "temporal-nothing-to-compare", figures: {} };
  if (untimed > 0) return { kind: "temporal-partly-timed", figures: {} };
  return { kind: "tests-later", figures: { allTimed: true } };
}

function sayTimes(times: Times, verdict: Verdict): Statement[] {
  if (times.train === 0 || times.test === 0) return [{ kind: "no-times", figures: {} }];
  return statementsOf(sayOrder(times, verdict), sayUntimed(times));
}

function sayOrder({ test, earlier, atLast, untimed }: Times, verdict: Verdict): Statement {
  if (earlier === 0 && atLast === 0) return { kind: "tests-later", figures: { allTimed: untimed === 0 } };
  if (earlier === 0) return { kind: "no-test-earlier", figures: {} };
  const kind = verdict === "warn" ? "tests-earlier-in-order" : "tests-earlier-by-chance";
  return { kind, figures: { share: earlier / test } };
}

/** The first test samples that are earlier (`<`) than the last training sample, or at its time (`=`). */
const listTests = async (tx: TransactionSql, number: number, compared: PendingQuery<Row[]>): Promise<Finding[]> => {
  const rows = await tx<{ key: string; time: Date }[]>`
    select key, "time" from manifest_samples where manifest_number = ${number} and split = 'test' and "time" ${compared}
      (select max("time") from manifest_samples where manifest_number = ${number} and split = 'train')
    order by "time", key limit ${FINDINGS_SHOWN}`;
  return rows.map(({ key, time }) => ({
    keys: [key],
    splits: ["test"],
    kind: "tested-at",
    figures: { time: time.toISOString() },
  }));
};

/** Whether what is tested comes after what was trained on: max(train) < min(validation) ≤ … < min(test). */
import type { PendingQuery, Row, TransactionSql } from "postgres";
import type { Split } from "../wire/base/words.ts";
import type { Check, Verdict } from "../wire/checks.ts";
import { numberWords } from "../words/numbers.ts";
import { type Checked, count, FINDINGS_SHOWN, type Finding, percent } from "./checks.ts";

type Times = {
  /** Samples that have a time. */ train: number;
  test: number;
  /** Samples of train and test, and those of them without a time. */ all: number;
  untimed: number;
  /** Test samples earlier than the last training sample, and those at its very time. */ earlier: number;
  atLast: number;
  /** Test samples at the time of any training sample. */ equal: number;
  /** Validation isn't between train and test. */ isValidationAmiss: boolean;
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
    detail: temporal ? temporalWords(times) : timeWords(times, verdict),
    figures: {
      ...{ testEarlierShare: test > 0 ? earlier / test : null, testEqualShare: test > 0 ? equal / test : null },
      ...{ testAtLast: atLast, untimed, auc },
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

function temporalWords({ train, test, all, earlier, atLast, untimed, isValidationAmiss }: Times): string {
  const without =
    untimed > 0 ? ` ${numberWords(untimed)} of ${count(all, "sample")} of train and test have no time.` : "";
  if (earlier > 0)
    return (
      `${percent(earlier / test)} of the test samples are earlier than the last training sample, and the data is ` +
      `temporal: the model has seen the future.${without}`
    );
  if (atLast > 0)
    return (
      `${count(atLast, "test sample")} ${atLast === 1 ? "is" : "are"} at the very time of the last training sample: ` +
      `none is earlier, but which came first can't be told.${without}`
    );
  if (isValidationAmiss)
    return `Validation doesn't lie between train and test, and the data is temporal: what is tuned on it has seen the future.${without}`;
  if (untimed > 0 && untimed === all) return "The data is temporal, but its samples have no times.";
  if (train === 0 || test === 0)
    return `The data is temporal, but train and test haven't both samples with a time to compare.${without}`;
  if (untimed > 0) return `The data is temporal, and what has a time is in order, but not all have one.${without}`;
  return "Every test sample is later than the last training sample.";
}

function timeWords({ train, test, all, earlier, atLast, untimed }: Times, verdict: Verdict): string {
  if (train === 0 || test === 0)
    return "Samples of train and test have no times to compare, and the data isn't said to be temporal.";
  const without =
    untimed > 0 ? ` ${numberWords(untimed)} of ${count(all, "sample")} of train and test have no time.` : "";
  if (earlier === 0 && atLast === 0)
    return `Every test sample${untimed > 0 ? " that has a time" : ""} is later than the last training sample.${without}`;
  if (earlier === 0) return `No test sample is earlier than the last training sample.${without}`;
  const words = `${percent(earlier / test)} of the test samples are earlier than the last training sample`;
  return verdict === "warn"
    ? `${words}, yet time tells the splits apart: if the model is to foretell, split by time.${without}`
    : `${words}. That is as in any random split, and right unless the model is to foretell.${without}`;
}

/** The first test samples that are earlier (`<`) than the last training sample, or at its time (`=`). */
const listTests = async (tx: TransactionSql, number: number, compared: PendingQuery<Row[]>): Promise<Finding[]> => {
  const rows = await tx<{ key: string; time: Date }[]>`
    select key, "time" from manifest_samples where manifest_number = ${number} and split = 'test' and "time" ${compared}
      (select max("time") from manifest_samples where manifest_number = ${number} and split = 'train')
    order by "time", key limit ${FINDINGS_SHOWN}`;
  return rows.map(({ key, time }) => ({ keys: [key], splits: ["test" as Split], note: time.toISOString() }));
};

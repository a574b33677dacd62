/** What every check is given, and what it says. */
import type { TransactionSql } from "postgres";
import type { Statement } from "../../wire/data/statements.ts";

export type Checked = {
  tx: TransactionSql;
  /** The manifest's number in `manifest_samples`. */
  number: number;
  datasetNumber: number;
  /** Whether the future must not be trained on, as the dataset or the method says. */
  temporal: boolean;
};

export const FINDINGS_SHOWN = 50;

/** Those of the statements that there are, in their order. */
export const statementsOf = (...statements: (Statement | null)[]): Statement[] =>
  statements.filter((statement) => statement !== null);

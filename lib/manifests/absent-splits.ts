/** The splits that a manifest has no samples of. */
import { sql } from "drizzle-orm";
import { manifests } from "../../db/schema/manifests.ts";
import type { Split } from "../wire/base/words.ts";

/** For a query that joins `manifests`: the splits that the manifest has no samples of; none where there is no manifest. */
export const absentSplits = sql<Split[]>`array_remove(array[
  case when ${manifests.trainCount} = 0 then 'train' end,
  case when ${manifests.validationCount} = 0 then 'validation' end,
  case when ${manifests.testCount} = 0 then 'test' end], null)`;

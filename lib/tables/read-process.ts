/** The program that reads one file of samples, apart from the server: `read-samples.ts` starts it, and ends it. */
import { TableError, type TableOptions } from "../wire/alike/table-columns.ts";
import { previewTable } from "./preview.ts";
import type { TableFormat } from "./rows.ts";
import { requireKeys, rolesOf, toColumns } from "./sample-columns.ts";
import { checkTable, readSamples, surveyTable, type TableSample } from "./table-file.ts";

/** To hand over all samples, or to look at a table; `part`: it is the first lines of a longer one. */
export type ReadTask = { file: string; format: TableFormat } & (
  | { kind: "samples"; options: TableOptions }
  | { kind: "preview"; part: boolean }
);

/** A batch is a message and a statement of the server's thread, which others wait for: some 50 ms. */
const ROWS_A_BATCH = 2_000;
/** Of texts and features. */
const CHARACTERS_A_BATCH = 1024 * 1024;

const say = (message: object): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send!(message, (error: Error | null) => (error ? reject(error) : resolve())),
  );
let wake = () => {};
const asked = () => new Promise<void>((resolve) => (wake = resolve));

async function read({ file, format, options }: Extract<ReadTask, { kind: "samples" }>): Promise<void> {
  const alive = (rows: number) => void say({ kind: "alive", rows });
  const table = await surveyTable(file, format, options, alive);
  requireKeys(table, options);
  // nothing is stored of a file in which a later row is wrong
  await checkTable(file, format, table, options, alive);
  await say({ kind: "table", remarks: table.remarks, roles: rolesOf(table.plan) });
  let batch: TableSample[] = [];
  let characters = 0;
  const hand = async () => {
    const next = asked();
    await say({ kind: "samples", samples: toColumns(batch) });
    [batch, characters] = [[], 0];
    // no more is read than the database takes
    await next;
  };
  for await (const { cells: _, ...sample } of readSamples(file, format, table, options)) {
    batch.push({ ...sample, cells: new Map() });
    characters += (sample.text?.length ?? 0) + (sample.features?.length ?? 0);
    if (batch.length === ROWS_A_BATCH || characters > CHARACTERS_A_BATCH) await hand();
  }
  if (batch.length > 0) await hand();
  await say({ kind: "end" });
}

async function preview({ file, format, part }: Extract<ReadTask, { kind: "preview" }>): Promise<void> {
  await say({ kind: "preview", preview: await previewTable(file, format, part) });
  await say({ kind: "end" });
}

process.once("message", (task: ReadTask) => {
  process.on("message", () => wake());
  (task.kind === "preview" ? preview(task) : read(task))
    .catch(async (error: unknown) => {
      if (!(error instanceof TableError)) return say({ kind: "failed", message: String(error) });
      const { field, detail, answer, message, at } = error;
      await say({ kind: "refused", field, detail, answer, message, at });
    })
    .finally(() => process.disconnect());
});
process.once("disconnect", () => process.exit());

/** The program that reads one file of samples, apart from the server: `read-samples.ts` starts it, and ends it. */
import { TableError, type TableOptions } from "../wire/alike/table-columns.ts";
import type { TableFormat } from "./rows.ts";
import { requireKeys, toColumns } from "./sample-columns.ts";
import { readSamples, surveyTable, type TableSample } from "./table-file.ts";

type Task = { file: string; format: TableFormat; options: TableOptions };

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

async function read({ file, format, options }: Task): Promise<void> {
  const table = await surveyTable(file, format, options, (rows) => void say({ kind: "alive", rows }));
  requireKeys(table);
  await say({ kind: "table", remarks: table.remarks });
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

process.once("message", (task: Task) => {
  process.on("message", () => wake());
  read(task)
    .catch(async (error: unknown) => {
      if (!(error instanceof TableError)) return say({ kind: "failed", message: String(error) });
      const { field, detail, answer, message, at } = error;
      await say({ kind: "refused", field, detail, answer, message, at });
    })
    .finally(() => process.disconnect());
});
process.once("disconnect", () => process.exit());

/** `export`: a project, or some of its runs, as a file or a folder. */
import { z } from "zod";
import { uuid } from "../../../lib/wire/base/words.ts";
import { requestOf } from "../../../lib/wire/tools/tool.ts";
import { openStream } from "../client/open-stream.ts";
import { type ExportFormat, exportFormats, IsThere, type Written, writeExport } from "../export/write-export.ts";
import { readInput } from "./command-line.ts";
import { Misused, NoToken } from "./exits.ts";
import { toolHelp } from "./help.ts";
import { findTarget, NO_TOKEN } from "./login-file.ts";
import { projectOf } from "./project-of.ts";
import { apiFor } from "./run-tool.ts";

/** What the address of a request holds. */
const RUNS_MAX = 150;

const input = z.object({
  project: z.string().max(100).optional().describe("id or slug; the token's own project if absent"),
  format: z
    .enum(exportFormats)
    .default("jsonl")
    .describe("jsonl, which holdout import reads; parquet: eight tables; mlflow: a file store (mlruns)"),
  out: z
    .string()
    .min(1)
    .optional()
    .describe("the file (jsonl) or folder, which must not be there; named by the project if absent"),
  run: z.array(uuid).max(RUNS_MAX).optional().describe(`ids of up to ${RUNS_MAX} runs; all that match if absent`),
  filter: z.string().max(4000).optional().describe("in the table's filter language"),
  withoutArchived: z.boolean().default(false).describe("leave out archived runs"),
  withoutQuarantined: z
    .boolean()
    .default(false)
    .describe("leave out the numbers of quarantined series; only who may see test numbers gets them at all"),
});
export const exportHelp = {
  name: "export",
  input,
  positional: ["project"],
  example: "export street-signs --format mlflow --out mlruns",
};

/** Ends with 0 where the export is whole. What is on disk under its name is whole, or isn't there. */
export async function exportCommand(argv: string[]): Promise<number> {
  const { common, input: given } = readInput(exportHelp, argv);
  if (common.help) {
    const scopes = ["ingest", "read", "evaluate", "admin"] as const;
    const rest = { calls: [], reads: true, repeatable: true, run: async () => null } as const;
    const summary = "A project, or some of its runs: points, config and summaries, without the runs' files";
    console.log(toolHelp({ ...exportHelp, ...rest, summary, scopes }));
    return 0;
  }
  const asked = input.strict().parse(given);
  const target = findTarget(common);
  if (target.token === "") throw new NoToken(NO_TOKEN);
  const project = await projectOf(apiFor(common), asked.project);
  const query = {
    run: asked.run,
    filter: asked.filter,
    archived: asked.withoutArchived ? 0 : 1,
    quarantined: asked.withoutQuarantined ? 0 : undefined,
  };
  const { path } = requestOf({ route: "exportProject", params: { project: project.id }, query });
  const out = asked.out ?? nameOf(project.slug, asked.format);
  const written = await writeExport(openStream(target, path), asked.format, out, tell).catch((error: unknown) => {
    throw error instanceof IsThere ? new Misused(error.message) : error;
  });
  if (process.stderr.isTTY) process.stderr.write("\n");
  console.log(common.json ? JSON.stringify(written, null, 2) : wordsOf(written, asked.format));
  return 0;
}

const nameOf = (slug: string, format: ExportFormat): string =>
  ({ jsonl: `${slug}.jsonl`, parquet: `${slug}-parquet`, mlflow: `${slug}-mlruns` })[format];

const RENAMED_MAX = 10;

function wordsOf({ out, runs, series, points, leftOut, quarantined, renamed }: Written, format: ExportFormat): string {
  const kept =
    quarantined === "included" ? ["  with the numbers of quarantined series: whoever gets it sees them"] : [];
  const hidden =
    leftOut.series > 0
      ? [
          `  without the numbers of ${leftOut.series} quarantined series (${leftOut.points} points), which are named in it`,
        ]
      : [];
  const shown = renamed
    .slice(0, RENAMED_MAX)
    .map(({ where, key, as }) => `      ${where}: ${JSON.stringify(key)} is ${as}`);
  const others = renamed.length > shown.length ? [`      and ${renamed.length - shown.length} more`] : [];
  const names =
    renamed.length > 0 ? [`  ${renamed.length} keys that MLflow's tools don't take go by another name:`] : [];
  const how =
    format === "mlflow" ? ["  MLFLOW_ALLOW_FILE_STORE=true, and this folder as MLFLOW_TRACKING_URI, open it"] : [];
  return [
    `${out}: ${runs} runs, ${series} series, ${points} points`,
    ...kept,
    ...hidden,
    ...names,
    ...shown,
    ...others,
    ...how,
  ].join("\n");
}

function tell(runs: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${runs} runs`);
}

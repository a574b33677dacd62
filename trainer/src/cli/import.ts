/** `import`: the history of another tracker, or of another Holdout, comes in, after a preview. */
import { createInterface } from "node:readline/promises";
import { z } from "zod";
import { withUnpacked } from "../import/archive/unpack.ts";
import { bringProject } from "../import/holdout/project-settings.ts";
import { importFolder, leavingDeleted } from "../import/import-folder.ts";
import type { Source } from "../import/imported.ts";
import { surveyed, surveyOf } from "../import/survey.ts";
import { type Common, readInput } from "./command-line.ts";
import { NoToken } from "./exits.ts";
import { toolHelp } from "./help.ts";
import { importKinds, openSource } from "./import-source.ts";
import { mappingWords, previewWords, reportWords } from "./import-words.ts";
import { findTarget, NO_TOKEN } from "./login-file.ts";
import { projectOf } from "./project-of.ts";
import { apiFor } from "./run-tool.ts";

const input = z.object({
  kind: z
    .enum(importKinds)
    .describe(
      "what it is: an MLflow store (mlruns, or mlflow.db), TensorBoard's event files, W&B's folders or .wandb file, Neptune's export, a table (CSV, TSV, JSON lines or Parquet, by its ending), or an export of Holdout",
    ),
  folder: z
    .string()
    .min(1)
    .describe(
      "the folder, or the file of a table or an export, or either in a .zip, .tar, .tar.gz or .tgz; nothing in it is changed",
    ),
  project: z.string().max(100).optional().describe("id or slug; the token's own project if absent"),
  yes: z.boolean().default(false).describe("send without asking, after the preview"),
  map: z
    .array(z.string())
    .default([])
    .describe(
      "of a table what a column is, where the preview guessed wrong: loss=metric, lr=config, acc=metric:validation/acc, junk=nothing; or @FILE, YAML or JSON of the same",
    ),
  withoutDeleted: z
    .boolean()
    .default(false)
    .describe("leave out runs that were deleted there; else they come in, marked so"),
});
/** Folders of runs, in which what is damaged is named run by run. */
const folderKinds: readonly string[] = ["mlflow", "tensorboard", "wandb"] satisfies (typeof importKinds)[number][];
export const importHelp = {
  name: "import",
  input,
  positional: ["kind", "folder"],
  example: "import mlflow mlruns --yes",
};

/** Ends with 0 where all that was previewed is stored, 6 where the server refused some of it. Sends nothing unasked. */
export async function importCommand(argv: string[]): Promise<number> {
  const { common, input: given } = readInput(importHelp, argv);
  if (common.help) {
    const scopes = ["ingest", "evaluate", "admin"] as const;
    const rest = { calls: [], reads: false, repeatable: true, run: async () => null } as const;
    console.log(
      toolHelp({
        ...importHelp,
        ...rest,
        summary: "Brings in the runs of another tracker's folder, or of an export",
        scopes,
      }),
    );
    return 0;
  }
  const asked = input.strict().parse(given);
  return await withUnpacked(asked.folder, (folder) => bringIn(common, { ...asked, folder }, asked.folder));
}

/** `named`: what the person named, which may be an archive that the folder comes from. */
async function bringIn(common: Common, asked: z.output<typeof input>, named: string): Promise<number> {
  const opened = await openSource(asked.kind, asked.folder, asked.map);
  const source = asked.withoutDeleted ? leavingDeleted(opened.source) : opened.source;
  const { mapping } = opened;
  if (!common.json && mapping) console.log(mappingWords(mapping));
  // a preview that nobody sees before is made on the way: a folder is read once. A file is held against its form to its last
  // line before any of it is sent
  const isUnseen = common.json && asked.yes && folderKinds.includes(asked.kind);
  const preview = isUnseen ? surveyed(source) : await previewOf(source, asked.folder, named, common);
  const target = findTarget(common);
  if (!(await isAgreed(asked.yes, common))) {
    if (common.json) console.log(JSON.stringify({ mapping, preview: preview.survey(), report: null }, null, 2));
    else console.log("Nothing was sent. --yes sends it.");
    return 0;
  }
  if (target.token === "") throw new NoToken(NO_TOKEN);
  const api = apiFor(common);
  const project = await projectOf(api, asked.project);
  const without = asked.kind === "holdout" ? await bringProject(api, asked.folder, project.id) : [];
  const heard = (runs: number) => tell(runs, () => preview.survey().read.runs);
  const report = await importFolder(target, preview.source, asked.folder, project, heard, without).catch(
    (error: Error) => {
      console.error("holdout: the import isn't whole; the same command goes on from here");
      throw error;
    },
  );
  if (process.stderr.isTTY) process.stderr.write("\n");
  const said = { mapping, preview: preview.survey(), report };
  console.log(common.json ? JSON.stringify(said, null, 2) : reportWords(report));
  return Object.values(report.refused).some((count) => count > 0) ? 6 : 0;
}

/** Reads all of a source and says what it holds; the source is read again where it is sent. */
async function previewOf(source: Source, folder: string, named: string, { json }: Common) {
  const survey = await surveyOf(source, folder);
  if (!json) console.log(previewWords(named, survey));
  return { source, survey: () => survey };
}

/** Asks where there is somebody to answer. */
async function isAgreed(isSaid: boolean, { json }: Common): Promise<boolean> {
  if (isSaid) return true;
  if (json || process.stdin.isTTY !== true) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question("Send it? [y/N] ");
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

function tell(runs: number, all: () => number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${runs} of ${all()} runs`);
}

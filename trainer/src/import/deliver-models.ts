/** Registered models on their way to the server, after the runs that made them. Sent again they add nothing. */
import { isHopeless, Refused } from "../../../lib/sending/answers.ts";
import { expected } from "../../../lib/sending/writer-calls.ts";
import { type ImportedModelAnswer, importedModelAnswerSchema, importsRoutes } from "../../../lib/wire/imports.ts";
import { ask } from "../client/ask.ts";
import { json, type Target } from "../client/http.ts";
import type { Project } from "./deliver.ts";
import type { ImportedModel, LeftOut } from "./imported.ts";

/** `runs`: ids here by those of the source. What the server refused, or has otherwise, is in `leftOut`. */
export async function deliverModel(
  target: Target,
  { id: project }: Project,
  { versions, ...model }: ImportedModel,
  runs: ReadonlyMap<string, string>,
): Promise<{ answer: ImportedModelAnswer | null; leftOut: LeftOut[] }> {
  const { method, path } = importsRoutes.importModel;
  const sent = versions.map(({ sourceRun, ...version }) => ({
    ...version,
    run: runs.get(sourceRun ?? "") ?? null,
    runWord: sourceRun,
  }));
  const where = `models/${model.name}`;
  try {
    const call = { method, path: path.replace("{project}", project), ...json({ ...model, versions: sent }) };
    const answer = expected(importedModelAnswerSchema.safeParse(await ask(target, call)));
    const why = "a version of this number is there, and comes from elsewhere; what is stored stays";
    const leftOut = answer.versions.other.map(
      (version): LeftOut => ({ unit: "other", count: 1, where: `${where}/version-${version}`, why }),
    );
    return { answer, leftOut };
  } catch (error) {
    if (!isHopeless(error) && !(error instanceof Refused && [404, 405].includes(error.status))) throw error;
    const why = `a registered model: ${(error as Error).message}`;
    return { answer: null, leftOut: [{ unit: "other", count: 1, where, why }] };
  }
}

import { jsonOf, limitsOf } from "@/lib/bodies/parse-body.ts";
import { readBody } from "@/lib/bodies/read-body.ts";
import { importRuns } from "@/lib/imports/import-runs.ts";
import { ProblemError } from "@/lib/problem.ts";
import { decodeImport, IMPORT_CONTENT_TYPE, ImportFormatError, type SentRun } from "@/lib/wire/imports.ts";
import { handle } from "../../../../_handler.ts";

type Params = { project: string };

export const POST = handle<Params>(async ({ actor, params, request }) =>
  importRuns(actor, params.project, await readRuns(request)),
);

async function readRuns(request: Request): Promise<SentRun[]> {
  const contentType = request.headers.get("content-type")?.split(";", 1)[0]?.trim();
  if (contentType !== IMPORT_CONTENT_TYPE)
    throw new ProblemError(
      "unsupported-type",
      `content-type is ${contentType ?? "missing"}; send ${IMPORT_CONTENT_TYPE}`,
    );
  const bytes = await readBody(request, limitsOf("importRuns").bytesMax);
  try {
    return decodeImport(bytes, (json) => jsonOf("importRuns", json));
  } catch (cause) {
    if (!(cause instanceof ImportFormatError)) throw cause;
    const { field, message: detail } = cause;
    throw new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }], { cause });
  }
}

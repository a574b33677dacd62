import { Readable } from "node:stream";
import { readFileOf } from "@/lib/bodies/read-file.ts";
import { downloadArtifact, uploadArtifact } from "@/lib/mlflow/artifacts.ts";
import { askerOf } from "@/lib/mlflow/asker.ts";
import { MlflowError } from "@/lib/mlflow/words/errors.ts";
import { attachment } from "../../../../_file-name.ts";
import { addressOf, mlflow } from "../../../../_mlflow.ts";

export const PUT = mlflow(async ({ request, parts, authorization }) =>
  uploadArtifact(await askerOf(authorization), addressOf(parts), {
    contentType: request.headers.get("content-type"),
    content: readFileOf(request) ?? Readable.from([]),
  }),
);

export const GET = mlflow(async ({ parts, authorization }) => {
  const { artifact, content } = await downloadArtifact(await askerOf(authorization), addressOf(parts));
  return new Response(Readable.toWeb(content) as ReadableStream, {
    headers: {
      "content-type": artifact.contentType,
      "content-length": String(artifact.sizeBytes),
      "content-disposition": attachment(artifact.path.split("/").at(-1) ?? "file"),
      "cache-control": "no-store",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    },
  });
});

export const DELETE = mlflow(async ({ authorization }) => {
  await askerOf(authorization);
  throw new MlflowError("NOT_IMPLEMENTED", "Files of a run stay with it: delete the run");
});

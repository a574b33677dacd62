import { askerOf } from "@/lib/mlflow/asker.ts";
import { MlflowError } from "@/lib/mlflow/words/errors.ts";
import { mlflow } from "../../../_mlflow.ts";

/** Traces and the like live here: a client that hears that they don't goes on without them. */
const unknown = mlflow(async ({ request, parts, authorization }) => {
  await askerOf(authorization);
  if (request.method === "GET" && parts.join("/") === "server-info") return { workspaces_enabled: false };
  throw new MlflowError("ENDPOINT_NOT_FOUND", `Holdout has no call ${request.method} ${parts.join("/").slice(0, 200)}`);
});

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };

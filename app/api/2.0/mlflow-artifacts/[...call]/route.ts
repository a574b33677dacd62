import { askerOf } from "@/lib/mlflow/asker.ts";
import { MlflowError } from "@/lib/mlflow/words/errors.ts";
import { mlflow } from "../../../_mlflow.ts";

/** Uploads in parts and signed addresses: a client that hears 501 sends the file as a whole. */
const unknown = mlflow(async ({ authorization }) => {
  await askerOf(authorization);
  throw new MlflowError(
    "NOT_IMPLEMENTED",
    "Files are sent and read as a whole: PUT and GET mlflow-artifacts/artifacts/PATH",
  );
});

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };

import { listFolder } from "@/lib/mlflow/artifacts.ts";
import { askerOf } from "@/lib/mlflow/asker.ts";
import { mlflow } from "../../../_mlflow.ts";

export const GET = mlflow(async ({ query, authorization }) =>
  listFolder(await askerOf(authorization), query.get("path") ?? ""),
);

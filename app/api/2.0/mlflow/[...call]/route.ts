import { call } from "../../../_mlflow.ts";

export { call as DELETE, call as GET, call as PATCH, call as POST, call as PUT };

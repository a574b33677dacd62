import { revokeShare } from "@/lib/evaluations/shares/shares.ts";
import { handle } from "../../../../../../../_handler.ts";

type Params = { run: string; evaluation: string; share: string };

export const DELETE = handle<Params>(({ actor, params }) =>
  revokeShare(actor, params.run, params.evaluation, params.share),
);

import { queueAsked } from "@/lib/loops/queue-runs.ts";
import { handle } from "../../../../../../_handler.ts";

export const POST = handle<{ study: string; ruling: string }>(({ actor, params }) =>
  queueAsked(actor, params.study, params.ruling),
);

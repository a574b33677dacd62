import { listTrials } from "@/lib/queue/trials.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params, query }) =>
  listTrials(actor, params.project, { ...Object.fromEntries(query), status: query.getAll("status") }),
);

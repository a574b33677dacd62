import { listWorkers } from "@/lib/queue/workers.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params }) => ({
  workers: await listWorkers(actor, params.project),
}));

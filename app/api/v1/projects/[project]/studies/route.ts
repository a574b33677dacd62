import { listStudies } from "@/lib/studies/studies.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params }) => ({
  studies: await listStudies(actor, params.project),
}));

import { getChampion } from "@/lib/champions/champion.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(({ actor, params, query }) =>
  getChampion(actor, params.project, Object.fromEntries(query)),
);

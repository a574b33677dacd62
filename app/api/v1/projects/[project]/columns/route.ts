import { getRunColumns } from "@/lib/compare/columns/column-store.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ project: string }>(({ actor, params, query }) =>
  getRunColumns(
    actor,
    params.project,
    {
      runs: query.has("run") ? query.getAll("run") : null,
      filter: query.get("filter") ?? undefined,
      sort: query.get("sort") ?? undefined,
    },
    query.has("column") ? query.getAll("column") : null,
    query.get("limit") ?? undefined,
  ),
);

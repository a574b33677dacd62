import { listSeries } from "@/lib/metrics/list-series.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ run: string }>(async ({ actor, params }) => listSeries(actor, params.run));

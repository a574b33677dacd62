/** Runs and reports as MCP resources. Their names are ids: what people called them stands in the data. */
import type { Resource, ResourceTemplate } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { uuid } from "../wire/base/words.ts";
import { type Api, Miscalled } from "../wire/tools/tool.ts";
import { tools } from "../wire/tools/tools.ts";
import { envelopeOf } from "./answers.ts";
import { skillText } from "./honest-loop.ts";

const LISTED_RUNS = 50;
const LOOP_URI = "holdout://honest-loop";

export const resourceTemplates: ResourceTemplate[] = [
  { uriTemplate: "holdout://runs/{run}", name: "run", description: "A run by its id", mimeType: "application/json" },
  {
    uriTemplate: "holdout://runs/{run}/evaluations/{evaluation}/report",
    name: "report",
    description: "The report of an evaluation: a number a row, with its interval",
    mimeType: "application/json",
  },
];

/** The newest runs of the token's project. */
export async function listResources(api: Api): Promise<Resource[]> {
  const loop = { uri: LOOP_URI, name: "honest-loop", description: "How to improve a model without fooling oneself" };
  const { runs } = z
    .object({ runs: z.array(z.object({ id: uuid })) })
    .parse(await api({ route: "listRuns", query: { limit: LISTED_RUNS } }));
  return [
    { ...loop, mimeType: "text/markdown" },
    ...runs.map(({ id }) => ({ uri: `holdout://runs/${id}`, name: `run ${id}`, mimeType: "application/json" })),
  ];
}

type Contents = { uri: string; mimeType: string; text: string };

/** Throws `Miscalled` for an address that names nothing here. */
export async function readResource(api: Api, uri: string): Promise<Contents> {
  if (uri === LOOP_URI) return { uri, mimeType: "text/markdown", text: skillText };
  const [, run, evaluation] = /^holdout:\/\/runs\/([^/]+)(?:\/evaluations\/([^/]+)\/report)?$/.exec(uri) ?? [];
  if (run === undefined)
    throw new Miscalled(`uri: expected holdout://runs/RUN or …/evaluations/EVALUATION/report, received ${uri}`);
  const { runs_show: show, evaluations_report: report } = tools;
  const data =
    evaluation === undefined
      ? await show.run(api, show.input.parse({ run }))
      : await report.run(api, report.input.parse({ run, evaluation }));
  return { uri, mimeType: "application/json", text: envelopeOf(data) };
}

/** What an export says of its project, for the project that it comes into: declared metrics, what it is about, and overrides. */
import { createReadStream } from "node:fs";
import { Refused } from "../../../../lib/sending/answers.ts";
import { type ExportLineOf, RECORDS_MAX } from "../../../../lib/wire/exports.ts";
import {
  metricsDeclareSchema,
  type Project,
  type ProjectUpdate,
  projectSchema,
} from "../../../../lib/wire/projects.ts";
import type { Api } from "../../../../lib/wire/tools/tool.ts";
import { type Head, NoExport, readExport } from "../../export/exported-lines.ts";
import { RECORDS_REFUSED } from "../deliver.ts";
import type { LeftOut } from "../imported.ts";

/** What a project is about. How its test splits may be looked at is for the people there to say. */
const brought = [
  "description",
  "primaryMetric",
  "primarySplit",
  "primaryDirection",
  "replicateIgnores",
  "smallestDifference",
] as const satisfies (keyof Project)[];

/**
 * Declares what isn't declared there, and gives a project without runs the settings of the exported one. What differs and
 * stays is named. Throws for an export of this very project: all of its runs would stand there twice.
 */
export async function bringProject(api: Api, file: string, projectId: string): Promise<LeftOut[]> {
  const { project, overrides } = await headOf(file);
  if (project.id === projectId)
    throw new NoExport(`it is an export of this very project: its runs are there; name another with --project`);
  return [
    ...(await declare(api, projectId, project)),
    ...(await settle(api, projectId, project)),
    ...(await bringOverrides(api, projectId, overrides)),
  ];
}

type Override = ExportLineOf<"override">;

/** What stands before the first run. */
async function headOf(file: string): Promise<{ project: Head["project"]; overrides: Override[] }> {
  let project: Head["project"] | null = null;
  const overrides: Override[] = [];
  for await (const part of readExport(createReadStream(file))) {
    if ("head" in part) project = part.project;
    else if (part.kind === "override") overrides.push(part);
    else break;
  }
  if (project === null) throw new NoExport("it says nothing of its project");
  return { project, overrides };
}

async function bringOverrides(api: Api, project: string, overrides: Override[]): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  for (let from = 0; from < overrides.length; from += RECORDS_MAX) {
    const records = overrides.slice(from, from + RECORDS_MAX);
    try {
      await api({ route: "importRecords", params: { project }, body: { records } });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 403) throw error;
      leftOut.push({ unit: "other", count: records.length, where: "overrides", why: RECORDS_REFUSED });
    }
  }
  return leftOut;
}

async function declare(api: Api, id: string, { declared }: Head["project"]): Promise<LeftOut[]> {
  const { metrics } = metricsDeclareSchema.parse(await api({ route: "getMetrics", params: { project: id } }));
  const there = new Map(metrics.map((metric) => [metric.name, metric]));
  const fresh = declared.filter(({ name }) => !there.has(name));
  if (fresh.length > 0) await api({ route: "declareMetrics", params: { project: id }, body: { metrics: fresh } });
  const differing = declared.filter(({ name, direction, unit }) => {
    const here = there.get(name);
    return here !== undefined && (here.direction !== direction || here.unit !== unit);
  });
  const why = "a declared metric that is declared otherwise here, and stays so";
  return differing.map(({ name }) => ({ unit: "other", count: 1, where: name, why }));
}

async function settle(api: Api, id: string, exported: Head["project"]): Promise<LeftOut[]> {
  const here = projectSchema.parse(await api({ route: "getProject", params: { project: id } }));
  const differing = brought.filter((name) => JSON.stringify(here[name]) !== JSON.stringify(exported[name]));
  if (differing.length === 0) return [];
  const stay = (why: string): LeftOut[] => [
    { unit: "other", count: differing.length, where: differing.join(", "), why: `a setting of the project: ${why}` },
  ];
  if (here.runCount > 0) return stay("it has runs already, and keeps its own");
  const body = Object.fromEntries(differing.map((name) => [name, exported[name]])) as ProjectUpdate;
  try {
    await api({ route: "updateProject", params: { project: id }, body });
    return [];
  } catch (error) {
    if (error instanceof Refused) return stay(`refused: ${error.problem?.detail ?? error.message}`);
    throw error;
  }
}

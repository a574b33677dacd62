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

/**
 * What a project is about, and what an admin alone may say, so that a token without that right brings the rest. How its test
 * splits may be looked at is for the people there to say.
 */
const brought: (keyof Project & keyof ProjectUpdate)[][] = [
  ["description", "primaryMetric", "primarySplit", "primaryDirection", "replicateIgnores", "smallestDifference"],
  ["keyPrefixes"],
];

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
  const leftOut: LeftOut[] = [];
  for (const names of brought) {
    const differing = names.filter((name) => JSON.stringify(here[name]) !== JSON.stringify(exported[name]));
    if (differing.length === 0) continue;
    const why =
      here.runCount > 0 ? "it has runs already, and keeps its own" : await change(api, id, differing, exported);
    if (why === null) continue;
    const where = differing.join(", ");
    leftOut.push({ unit: "other", count: differing.length, where, why: `a setting of the project: ${why}` });
  }
  return leftOut;
}

/** Null, or why it was refused. */
async function change(
  api: Api,
  project: string,
  names: (keyof ProjectUpdate)[],
  exported: Head["project"],
): Promise<string | null> {
  const body: ProjectUpdate = Object.fromEntries(names.map((name) => [name, exported[name]]));
  try {
    await api({ route: "updateProject", params: { project }, body });
    return null;
  } catch (error) {
    if (error instanceof Refused) return `refused: ${error.problem?.detail ?? error.message}`;
    throw error;
  }
}

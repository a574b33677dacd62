/** What the form for a study begins as, and what can be chosen in it. */
import { validate as isUuid } from "uuid";
import type { Actor } from "../../access/actor.ts";
import { listManifests } from "../../manifests/manifests.ts";
import { getRun } from "../../runs/runs.ts";
import { listColumns } from "../../table/known-columns.ts";
import type { Config } from "../../wire/base/config.ts";
import type { Project } from "../../wire/projects.ts";
import type { Objective, StudyPlan } from "../../wire/studies/studies.ts";
import { listStudies } from "../studies.ts";
import { chosenConfig } from "./chosen.ts";
import { planOfProposal } from "./proposals.ts";

export type StudyChoices = {
  manifests: { id: string; name: string }[];
  /** Metrics of train and validation. */
  metrics: { metric: string; split: Objective["split"]; direction: Objective["direction"] | null }[];
  /** Concluded ones, the newest first. */
  parents: { id: string; number: number; title: string }[];
};

export async function readChoices(actor: Actor, project: Project): Promise<StudyChoices> {
  const [manifests, columns, studies] = await Promise.all([
    listManifests(actor, project.id),
    listColumns(actor, project.id),
    listStudies(actor, project.id),
  ]);
  return {
    manifests: manifests.map(({ id, name }) => ({ id, name })),
    metrics: columns.metrics.flatMap(({ metric, split, direction }) =>
      split === "train" || split === "validation"
        ? [{ metric, split, direction: direction === "none" ? null : direction }]
        : [],
    ),
    parents: studies
      .filter(({ status }) => status === "concluded")
      .map(({ id, number, title }) => ({ id, number, title })),
  };
}

export type NewStudy = { plan: StudyPlan; choices: StudyChoices; parentBase: Config | null };
type Asked = Record<string, string | string[] | undefined>;

/**
 * `run`: the run whose config is the base. `parent`: the number of the study whose choice is, with its plan; `propose` and
 * what belongs to it: what a flag of that study proposes. What is unknown is as if it weren't asked for.
 */
export async function readNewStudy(actor: Actor, project: Project, asked: Asked): Promise<NewStudy> {
  const choices = await readChoices(actor, project);
  const fresh = freshPlan(project, choices);
  const text = (name: string) => (typeof asked[name] === "string" ? asked[name] : "");
  if (isUuid(text("run"))) {
    const run = await getRun(actor, text("run"));
    if (run?.projectId !== project.id) return { plan: fresh, choices, parentBase: null };
    const plan = { ...fresh, base: run.config, manifest: run.manifest ?? fresh.manifest };
    return { plan, choices, parentBase: null };
  }
  const parent = (await listStudies(actor, project.id)).find(({ number }) => String(number) === text("parent"));
  if (!parent) return { plan: fresh, choices, parentBase: null };
  const parentBase = await chosenConfig(parent);
  return { plan: planOfProposal(parent, parentBase, text), choices, parentBase };
}

function freshPlan(project: Project, { manifests }: StudyChoices): StudyPlan {
  return {
    title: "",
    question: "",
    stage: "learning-rate",
    mode: "explore",
    parent: null,
    manifest: project.chosenManifest ?? manifests[0]?.id ?? null,
    base: {},
    space: [],
    objective: {
      metric: project.primaryMetric ?? "",
      split: project.primarySplit === "train" ? "train" : "validation",
      direction: project.primaryDirection,
    },
    search: { method: "quasi-random", seed: 1, steps: 4 },
    stopping: { rule: "none" },
    trialsBudget: 20,
    replicates: 1,
    stepsBudget: null,
    smallestDifference: project.smallestDifference,
    labels: [],
    memoryGib: null,
    priority: 0,
    hypothesis: "",
  };
}

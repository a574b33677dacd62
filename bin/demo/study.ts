/** The demo's second part: a tuning history. Two workers train, one member concludes, another reviews. */
import { setTimeout as delay } from "node:timers/promises";
import type { MemberActor } from "../../lib/access/actor.ts";
import type { Configuration } from "../../lib/studies/results.ts";
import type { Study } from "../../lib/wire/studies/studies.ts";
import type { Settings } from "../serve/settings.ts";
import type { Shutdown } from "../serve/shutdown.ts";
import { demoMember, registeredManifest, startCrew, stopCrew } from "./crew.ts";
import { demoProject, trainerEnvironment } from "./trainer.ts";

const PROJECT = "MNIST tuning";
const ABOUT = "A small network on handwritten digits, tuned in rounds: learning rate, optimizer, model.";
const MANIFEST = "mnist 2k";
const AGAIN_MS = 1000;
const data = ["--data", "mnist", "--subset", "2000", "--testSubset", "500"];
/** Two accounts of the demo: nobody knows their passwords. */
const people = {
  author: { email: "author@demo.invalid", name: "Author of the demo" },
  reviewer: { email: "reviewer@demo.invalid", name: "Reviewer of the demo" },
};

const rate = (low: number, high: number, extra: object = {}) => ({
  kind: "float",
  path: "optimizer.learningRate",
  low,
  high,
  scale: "log",
  ...extra,
});

/** In the order in which people tune: each begins with what the one before adopted. */
const stages = [
  {
    title: "Which learning rate?",
    question: "How large may Adam's learning rate be before training becomes unstable?",
    hypothesis: "About 0.003: below it one epoch is too short, above 0.05 training jumps.",
    stage: "learning-rate",
    space: [rate(1e-4, 0.3, { role: "scientific" })],
    trialsBudget: 8,
  },
  {
    title: "Which optimizer?",
    question: "Does momentum come as far as Adam within one epoch, once each has its own learning rate?",
    hypothesis: "Adam is ahead within one epoch.",
    stage: "optimizer",
    space: [
      { kind: "categorical", path: "optimizer.name", role: "scientific", choices: ["adam", "momentum"] },
      rate(1e-3, 0.1, { when: { path: "optimizer.name", is: ["adam"] } }),
      rate(1e-2, 1, { when: { path: "optimizer.name", is: ["momentum"] } }),
    ],
    trialsBudget: 12,
  },
  {
    title: "Does batch normalisation pay?",
    question: "Is a network with batch normalisation better, once the learning rate is tuned for each?",
    hypothesis: "It lets the learning rate rise, and is ahead by a percent.",
    stage: "model",
    space: [{ kind: "categorical", path: "batchNorm", role: "scientific", choices: [false, true] }, rate(1e-3, 0.1)],
    trialsBudget: 10,
  },
] as const;

const base = {
  family: "cnn",
  filters: [8],
  batchSize: 64,
  epochs: 1,
  optimizer: { name: "adam", learningRate: 0.001 },
};

/** Makes the project and its history, or goes on where an earlier start ended. Resolves once the workers are there. */
export async function tuneOnce(settings: Settings, shutdown: Shutdown): Promise<void> {
  const project = await shutdown.step(() => demoProject({ name: PROJECT, description: ABOUT }));
  const page = `${settings.url}/projects/${project.slug}/studies`;
  const { systemActor } = await import("../../lib/access/actor.ts");
  const { listStudies } = await import("../../lib/studies/studies.ts");
  const approved = (await listStudies(systemActor, project.id)).filter(({ approvedAt }) => approvedAt !== null);
  if (approved.length >= stages.length) return console.log(`The demo's studies are there already: ${page}`);
  console.log("Registering 2,500 images of MNIST as a split manifest …");
  const token = { name: "workers of the demo", scope: "ingest" } as const;
  const environment = await shutdown.step(() => trainerEnvironment(settings, project.id, token));
  const manifest = await shutdown.step(() => registeredManifest(project.id, environment, { name: MANIFEST, data }));
  const crew = startCrew(environment, shutdown);
  console.log(`Tuning a network by ${stages.length} studies with ${crew.length} workers; watch them at ${page}`);
  const watching = new AbortController();
  shutdown.onStop(async () => watching.abort());
  writeHistory(project.id, manifest, watching.signal)
    .then(() => stopCrew(crew))
    .then(() => shutdown.signal.aborted || console.log(`The studies are concluded and reviewed: ${page}`))
    .catch((error: unknown) => {
      if (!shutdown.signal.aborted) console.error("The demo's studies ended early:", error);
    });
}

/** Each study in turn: planned, trained, concluded by its author, approved by the reviewer. */
async function writeHistory(projectId: string, manifest: string, signal: AbortSignal): Promise<void> {
  const author = await demoMember(people.author);
  const reviewer = await demoMember(people.reviewer);
  const { createStudy, listStudies, updateStudy, requireStudy } = await import("../../lib/studies/studies.ts");
  const { chosenConfig } = await import("../../lib/studies/begin/chosen.ts");
  let before: Study | null = null;
  for (const plan of stages) {
    const found = (await listStudies(author, projectId)).find(({ title }) => title === plan.title);
    const from: Study["base"] = before ? await chosenConfig(before) : base;
    const parent: string | null = before === null ? null : (before as Study).id;
    const given = { ...plan, base: from, parent, manifest };
    const objective = { metric: "accuracy", split: "validation", direction: "max" };
    let study: Study =
      found ?? (await createStudy(author, { project: projectId, ...given, objective, smallestDifference: 0.01 }));
    if (study.status === "draft") study = await updateStudy(author, study.id, { status: "open" });
    while (isGoingOn(study)) {
      if (signal.aborted) return;
      await delay(AGAIN_MS, undefined, { signal }).catch(() => {});
      study = await requireStudy(author, study.id);
    }
    if (study.approvedAt === null) study = await concludeAndReview(study, projectId, { author, reviewer });
    before = study;
  }
}

function isGoingOn({ status, trials, trialsBudget }: Study): boolean {
  const ended = trials.finished + trials.failed + trials.stopped;
  return status === "open" && ended < trialsBudget;
}

type People = { author: MemberActor; reviewer: MemberActor };

async function concludeAndReview(study: Study, projectId: string, { author, reviewer }: People): Promise<Study> {
  const { concludeChecked } = await import("../../lib/studies/checks.ts");
  const { checkNames } = await import("../../lib/wire/studies/answers.ts");
  const { requireStudy } = await import("../../lib/studies/studies.ts");
  const { configurationsOf, readResults } = await import("../../lib/studies/results.ts");
  const { askReview } = await import("../../lib/reviews/reviews.ts");
  const { decideReview } = await import("../../lib/reviews/decide.ts");
  const { startThread } = await import("../../lib/reviews/threads.ts");
  const ranked = configurationsOf(await readResults(study.id, study.objective))
    .filter(({ value }) => value !== null)
    .sort((a, b) => b.value! - a.value!);
  const [best] = ranked;
  if (!best) throw new Error(`no trial of "${study.title}" came to a value`);
  const conclusion = wordsOf(best, ranked);
  const chosenTrial = best.trials.find(({ value }) => value !== null)!.id;
  await concludeChecked(author, study.id, {
    conclusion,
    decision: "adopt",
    chosenTrial,
    checks: Object.fromEntries(checkNames.map((name) => [name, "not looked at"])),
    withoutCurves: "The demo goes by the best values alone; its page says what the curves show.",
  });
  const asked = { kind: "study", subjects: [study.id], title: study.title, reviewers: [reviewer.id] };
  const review = await askReview(author, projectId, { ...asked, about: "Is this enough to go on with?" });
  await startThread(reviewer, projectId, {
    subject: `study:${study.id}`,
    text: "One seed each: the order of the first few may be luck. Good enough as a base for the next round.",
  });
  await decideReview(reviewer, projectId, review.id, { approves: true, word: "Go on with it." });
  return requireStudy(author, study.id);
}

/** What was found, by the figures alone. */
function wordsOf(best: Configuration, ranked: Configuration[]): string {
  const shown = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(3)) : value);
  const values = Object.entries(best.values).map(([name, value]) => `${name} ${shown(value)}`);
  const next = ranked[1];
  const lead = next ? ` The next best is ${(best.value! - next.value!).toFixed(4)} behind, with one seed each.` : "";
  return `Of ${ranked.length} configurations ${values.join(", ")} came furthest: ${best.value!.toFixed(4)}.${lead}`;
}

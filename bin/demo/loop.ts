/** The demo's third part: a scripted searcher changes a network thirty times, with the referee and without. */
import { setTimeout as delay } from "node:timers/promises";
import type { MemberActor } from "../../lib/access/actor.ts";
import type { Config } from "../../lib/wire/base/config.ts";
import type { RulingAnswer } from "../../lib/wire/studies/loops.ts";
import type { Study } from "../../lib/wire/studies/studies.ts";
import type { Settings } from "../serve/settings.ts";
import type { Shutdown } from "../serve/shutdown.ts";
import { demoMember, registeredManifest, startCrew, stopCrew } from "./crew.ts";
import { type Change, changesOf, firstConfig } from "./searcher.ts";
import { demoProject, trainerEnvironment } from "./trainer.ts";

const PROJECT = "MNIST loop";
const ABOUT = "A scripted searcher changes a small network thirty times: what it may keep the referee says.";
const TITLE = "Thirty changes, one after another";
const CANDIDATES = 30;
const AGAIN_MS = 500;
/** Fresh runs by which each arm's last recipe is measured in the end. */
const MEASURED_BY = 5;
// small, so that a run takes seconds: what luck does is seen the better
const split = {
  name: "mnist 600",
  data: ["--data", "mnist", "--subset", "600", "--testSubset", "100", "--validationFraction", "0.5"],
};
const author = { email: "searcher@demo.invalid", name: "Searcher of the demo" };

type Place = { projectId: string; manifest: string; member: MemberActor; study: Study; signal: AbortSignal };

/** Makes the project and its loop. Resolves once the workers are there; the searcher goes on meanwhile. */
export async function loopOnce(settings: Settings, shutdown: Shutdown): Promise<void> {
  const project = await shutdown.step(() => demoProject({ name: PROJECT, description: ABOUT }));
  const { systemActor } = await import("../../lib/access/actor.ts");
  const { listStudies, createStudy } = await import("../../lib/studies/studies.ts");
  const pageOf = ({ number }: Study) => `${settings.url}/projects/${project.slug}/studies/${number}/loop`;
  const done = (await listStudies(systemActor, project.id)).find(({ status }) => status === "concluded");
  if (done) return console.log(`The demo's loop is there already: ${pageOf(done)}`);
  console.log("Registering 700 images of MNIST as a split manifest …");
  const token = { name: "workers of the demo", scope: "ingest" } as const;
  const environment = await shutdown.step(() => trainerEnvironment(settings, project.id, token));
  const manifest = await shutdown.step(() => registeredManifest(project.id, environment, split));
  const member = await demoMember(author);
  const study = await createStudy(member, {
    project: project.id,
    title: TITLE,
    question: "Which of thirty changes make the network better, and which were luck?",
    mode: "loop",
    manifest,
    objective: { metric: "accuracy", split: "validation", direction: "max" },
  });
  // a checkout that is edited meanwhile would make other recipes of the same configs
  const crew = startCrew(environment, shutdown, ["--no-code"]);
  console.log(`A searcher tries ${CANDIDATES} changes with ${crew.length} workers; watch them at ${pageOf(study)}`);
  const watching = new AbortController();
  shutdown.onStop(async () => watching.abort());
  search({ projectId: project.id, manifest, member, study, signal: watching.signal })
    .then((conclusion) => shutdown.signal.aborted || console.log(`${conclusion}\nThe loop is over: ${pageOf(study)}`))
    .then(() => stopCrew(crew))
    .catch((error: unknown) => {
      if (!shutdown.signal.aborted) console.error("The demo's loop ended early:", error);
    });
}

/** What each arm holds. `best`: the single value that the arm without a referee goes by. */
type Arms = { referee: Config; greedy: Config; best: number; keeps: { referee: number; greedy: number } };

async function search(place: Place): Promise<string> {
  const { startLoop } = await import("../../lib/loops/loops.ts");
  const [first] = await trained(place, [firstConfig]);
  await startLoop(place.member, place.study.id, { run: first!.run });
  let arms: Arms = {
    referee: firstConfig,
    greedy: firstConfig,
    best: first!.value ?? 0,
    keeps: { referee: 0, greedy: 0 },
  };
  const changes = changesOf(place.study.number);
  for (let tried = 0; tried < CANDIDATES; tried++) {
    const change = await nextChange(place, changes, arms.referee);
    arms = await tryChange(place, arms, change);
  }
  return conclude(place, arms);
}

/** The searcher's next change that the referee hasn't judged: asked before anything is trained. */
async function nextChange({ member, study }: Place, changes: Iterator<Change>, held: Config): Promise<Change> {
  const { ruleOnCandidate } = await import("../../lib/loops/rule.ts");
  const { getLoop } = await import("../../lib/loops/loops.ts");
  const likeRun = (await getLoop(member, study.id)).incumbent.run;
  for (;;) {
    const change = changes.next().value as Change;
    const { reason } = await ruleOnCandidate(member, study.id, { ask: { config: change(held), likeRun } });
    if (reason === "unscreened") return change;
  }
}

/** One change in both arms. The first run is one and the same where both hold the same. */
async function tryChange(place: Place, arms: Arms, change: Change): Promise<Arms> {
  const candidate = { referee: change(arms.referee), greedy: change(arms.greedy) };
  const isSame = (a: Config, b: Config) => JSON.stringify(a) === JSON.stringify(b);
  // what changes nothing of what an arm holds is no candidate of it
  const isShared = isSame(candidate.referee, candidate.greedy) || isSame(candidate.greedy, arms.greedy);
  const [ours, theirs] = await trained(place, isShared ? [candidate.referee] : [candidate.referee, candidate.greedy]);
  const ruling = await ruled(place, [ours!.run]);
  const isKept = ruling.ruling === "keep";
  const value = (theirs ?? ours)!.value ?? Number.NEGATIVE_INFINITY;
  const isHigher = value > arms.best && !isSame(candidate.greedy, arms.greedy);
  return {
    referee: isKept ? candidate.referee : arms.referee,
    greedy: isHigher ? candidate.greedy : arms.greedy,
    best: isHigher ? value : arms.best,
    keeps: { referee: arms.keeps.referee + Number(isKept), greedy: arms.keeps.greedy + Number(isHigher) },
  };
}

/** Hands runs in, and the runs that are asked for, until there is a ruling. */
async function ruled(place: Place, runs: string[]): Promise<RulingAnswer> {
  const { ruleOnCandidate } = await import("../../lib/loops/rule.ts");
  const { queueAsked } = await import("../../lib/loops/queue-runs.ts");
  const { member, study } = place;
  let ruling = await ruleOnCandidate(member, study.id, { runs });
  while (ruling.ruling === "run-again") {
    const asked = await queueAsked(member, study.id, ruling.number!);
    await ended(
      place,
      asked.runs.map(({ run }) => run),
    );
    ruling = await ruleOnCandidate(member, study.id, { runs: [runs[0]!, ...asked.runs.map(({ run }) => run)] });
  }
  return ruling;
}

type Trained = { run: string; value: number | null };
let seed = 0;

/** Queues a run of each config, each with a seed of its own, and waits for them. */
async function trained(place: Place, configs: Config[]): Promise<Trained[]> {
  const { queueTrial } = await import("../../lib/queue/new-trial.ts");
  const { listFirstRuns } = await import("../../lib/loops/read-story.ts");
  const { member, projectId: project, manifest, study } = place;
  const runs: string[] = [];
  for (const config of configs) {
    seed++;
    const name = `loop ${study.number}, seed ${seed}`;
    const trial = await queueTrial(member, { project, manifest, name, config: { ...config, seed }, seed });
    runs.push(trial.run!.id);
  }
  await ended(place, runs);
  const values = new Map((await listFirstRuns(member, study, project)).map(({ id, value }) => [id, value]));
  return runs.map((run) => ({ run, value: values.get(run) ?? null }));
}

/** Waits until runs have failed, or have ended with a value that is summed up. */
async function ended({ member, signal, study, projectId }: Place, runs: string[]): Promise<void> {
  const { requireRun } = await import("../../lib/runs/runs.ts");
  const { listFirstRuns } = await import("../../lib/loops/read-story.ts");
  const isThere = async (run: string) =>
    (await requireRun(member, run)).status === "failed" ||
    (await listFirstRuns(member, study, projectId)).some(({ id }) => id === run);
  for (const run of runs)
    while (!(await isThere(run))) {
      signal.throwIfAborted();
      await delay(AGAIN_MS, undefined, { signal });
    }
}

/** Measures what both arms hold by fresh runs, hands the greedy arm's in as a last candidate, and writes down what came of it. */
async function conclude(place: Place, arms: Arms): Promise<string> {
  const { concludeStudy } = await import("../../lib/studies/conclusion.ts");
  const { updateStudy } = await import("../../lib/studies/studies.ts");
  const { getLoop } = await import("../../lib/loops/loops.ts");
  const measure = async (config: Config) =>
    trained(
      place,
      Array.from({ length: MEASURED_BY }, () => config),
    );
  const [theirs, ours] = [await measure(arms.greedy), await measure(arms.referee)];
  const meanOf = (some: Trained[]) => some.reduce((sum, { value }) => sum + (value ?? 0), 0) / some.length;
  await ruled(
    place,
    theirs.map(({ run }) => run),
  );
  const shown = (value: number) => value.toFixed(4);
  const conclusion = [
    `Without the referee the same searcher kept ${arms.keeps.greedy} of ${CANDIDATES} changes and would claim ${shown(arms.best)};`,
    `${MEASURED_BY} fresh runs of what it held came to ${shown(meanOf(theirs))}.`,
    `With the referee ${arms.keeps.referee} were kept, and ${MEASURED_BY} fresh runs came to ${shown(meanOf(ours))}.`,
  ].join(" ");
  if (place.study.status === "draft") await updateStudy(place.member, place.study.id, { status: "open" });
  const { incumbent } = await getLoop(place.member, place.study.id);
  await concludeStudy(place.member, place.study.id, { conclusion, decision: "adopt", chosenRun: incumbent.run });
  return conclusion;
}

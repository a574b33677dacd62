/** A loop is concluded by what it holds: that is the base of what follows, stands in the history, and is locked by a review. */
import path from "node:path";
import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { readChosen } from "@/lib/doubts/picks.ts";
import { startLoop } from "@/lib/loops/loops.ts";
import { ruleOnCandidate } from "@/lib/loops/rule.ts";
import { newManifest } from "@/lib/manifests/test-manifest.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { endRun } from "@/lib/metrics/end-run.ts";
import { readReviewPage } from "@/lib/reviews/review-page.ts";
import { deleteRun, purgeRun } from "@/lib/runs/deleted.ts";
import { readNewStudy } from "@/lib/studies/begin/new-study.ts";
import { readReview } from "@/lib/studies/review/read-review.ts";
import { readRounds } from "@/lib/studies/standing/rounds.ts";
import { createStudy, requireStudy } from "@/lib/studies/studies.ts";
import { batchOf, newMember, newProject, newRun, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Route } from "@/lib/wire/base/route.ts";
import type { Project } from "@/lib/wire/projects.ts";
import type { History } from "@/lib/wire/reviews/history.ts";
import type { Review } from "@/lib/wire/reviews/reviews.ts";
import { type RouteName, routes } from "@/lib/wire/routes.ts";
import { checkNames } from "@/lib/wire/studies/answers.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";

prepareWorkspace();

type Handler = (request: Request, context: { params: Promise<object> }) => Promise<Response>;

/** What a route answers, as its text where it refuses. */
async function ask<Answer>(cookie: string, name: RouteName, params: Record<string, string>, body?: object) {
  const route: Route = routes[name];
  const folder = route.path.replace(/\{(\w+)\}/g, "[$1]");
  const file = path.resolve(import.meta.dirname, "../..", `app${folder}/route.ts`);
  const module = (await import(/* @vite-ignore */ file)) as Record<string, Handler>;
  const url = `${TEST_ORIGIN}${route.path}`;
  const headers = { cookie, origin: TEST_ORIGIN };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const request = new Request(url, { method: route.method, headers, ...init });
  const response = await module[route.method]!(request, { params: Promise.resolve(params) });
  return response.ok
    ? ((await response.json()) as Answer)
    : ({ refused: `${response.status} ${await response.text()}` } as Answer & { refused: string });
}

const objective = { metric: "accuracy", split: "validation", direction: "max" };
let seed = 0;

async function trained(project: Project, manifest: string, config: object, value: number): Promise<string> {
  seed++;
  const { run, writer } = await newRun(project, { name: `run ${seed}`, config: { ...config, seed }, seed, manifest });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [1], { accuracy: [value] }));
  await endRun(systemActor, run.id, { status: "finished" });
  return run.id;
}

const better = { optimizer: { rate: 0.1 }, dropout: 0.2 };

/** A loop that kept one candidate, and then had two more runs of it. */
async function newKept() {
  const project = await newProject("Loops");
  const manifest = (await newManifest(project)).id;
  const plan = { project: project.id, title: "A loop", mode: "loop", objective, manifest, base: { dropout: 0 } };
  const { id: study } = await createStudy(systemActor, plan);
  const runs = (config: object, values: number[]) =>
    Promise.all(values.map((value) => trained(project, manifest, config, value)));
  const [first] = await runs({ optimizer: { rate: 1 } }, [0.9]);
  await startLoop(systemActor, study, { run: first });
  const hand = (ids: string[]) => ruleOnCandidate(systemActor, study, { runs: ids });
  await hand(await runs({ optimizer: { rate: 1 } }, [0.902, 0.899]));
  const [screen] = await runs(better, [0.95]);
  await hand([screen!]);
  const kept = await hand([
    ...(await runs(better, [0.94, 0.943, 0.939, 0.941])),
    ...(await runs({ optimizer: { rate: 1 } }, [0.901])),
  ]);
  expect(kept.ruling).toBe("keep");
  await hand(await runs(better, [0.93, 0.934]));
  return { project, manifest, study, first: first!, incumbent: screen! };
}

const saying = (changes: object) => ({
  conclusion: "Slower, with dropout.",
  decision: "adopt",
  checks: Object.fromEntries(checkNames.map((name) => [name, "no"])),
  ...changes,
});

test("a loop's incumbent is adopted: the next study begins as it, the history shows it, and a review locks it", async () => {
  const [{ actor: ada, cookie }, { cookie: theirs }] = [await newMember("member"), await newMember("member")];
  const { project, manifest, study, first, incumbent } = await newKept();
  const conclude = (changes: object, who = cookie) => ask<Study>(who, "concludeStudy", { study }, saying(changes));

  // only what the loop holds, and not beside a trial
  expect(await conclude({})).toMatchObject({ refused: expect.stringContaining("chosenRun names its incumbent") });
  const refused = `chosenRun: ${first} is not the run of what the loop holds, which is ${incumbent}`;
  expect(await conclude({ chosenRun: first })).toMatchObject({ refused: expect.stringContaining(refused) });
  const both = { chosenRun: incumbent, chosenTrial: incumbent };
  expect(await conclude(both)).toMatchObject({ refused: expect.stringContaining("one of the two is adopted") });
  expect((await requireStudy(ada, study)).status).toBe("draft");

  const concluded = await conclude({ chosenRun: incumbent });
  expect(concluded).toMatchObject({ status: "concluded", chosenRun: incumbent, chosenTrial: null });
  expect(await ask<Study>(theirs, "getStudy", { study })).toMatchObject({ chosenRun: incumbent, decision: "adopt" });
  expect(await readChosen(project.id)).toEqual([{ run: incumbent, as: "study", word: "1" }]);

  // what follows begins as it, without its seed
  const { plan, parentBase } = await readNewStudy(ada, project, { parent: "1" });
  expect(parentBase).toEqual(better);
  expect(plan).toMatchObject({ base: better, parent: study });
  const space = [{ kind: "float", path: "dropout", low: 0, high: 0.5 }];
  const follows = { project: project.id, title: "Next", parent: study, base: better, manifest, objective, space };
  const next = await createStudy(ada, follows);
  const rounds = await readRounds(ada, project, next);
  expect(rounds[0]!.launch).toMatchObject({ number: "incumbent", evidence: { why: "nothing-before" } });
  const review = await readReview(ada, project, next);
  expect(review.facts.ancestors).toMatchObject([{ chosen: { number: null, config: better, results: [0.93, 0.934] } }]);
  const held = await readReview(ada, project, await requireStudy(ada, study));
  expect(held.panels.complexity).toMatchObject({ data: { now: [{ key: "dropout", value: 0.2 }] } });

  const asked = await ask<Review>(
    cookie,
    "askReview",
    { project: project.slug },
    {
      kind: "study",
      subjects: [study],
      title: "Is it better?",
    },
  );
  const page = await readReviewPage(ada, project.id, asked.id);
  expect(page).toMatchObject({ chosenRun: incumbent, runs: [{ id: incumbent }] });
  // another choice is another state: who approved the first didn't approve it
  const decide = () =>
    ask<Review>(theirs, "decideReview", { project: project.slug, review: asked.id }, { approves: true, word: "yes" });
  expect(await decide()).toMatchObject({ conclusion: { chosenRun: incumbent } });
  expect(await conclude({ decision: "reject" })).toMatchObject({ refused: expect.stringMatching(/^409 .*locked/) });

  const { studies } = await ask<History>(theirs, "getHistory", { project: project.slug });
  expect(studies).toMatchObject([
    {
      chosen: { id: incumbent },
      changes: [
        { what: "dropout", from: "0", to: "0.2" },
        { what: "optimizer.rate", from: null, to: "0.1" },
      ],
      approval: { words: ["yes"] },
    },
    { number: 2, depth: 1, changes: [] },
  ]);
});

test("a review sees that another choice was made of a loop, and a run that is purged leaves its config", async () => {
  const [{ actor: ada, cookie }, { cookie: theirs }] = [await newMember("member"), await newMember("member")];
  const { project, study, incumbent } = await newKept();
  const conclude = (changes: object) => ask<Study>(cookie, "concludeStudy", { study }, saying(changes));
  await conclude({ decision: "reject" });
  const asked = await ask<Review>(
    cookie,
    "askReview",
    { project: project.slug },
    {
      kind: "study",
      subjects: [study],
      title: "Nothing?",
    },
  );
  const wish = { approves: false, word: "take it" };
  const review = { project: project.slug, review: asked.id };
  expect(await ask<Review>(theirs, "decideReview", review, wish)).toMatchObject({ state: "changes-requested" });
  await conclude({ decision: "reject", chosenRun: incumbent });
  // the wish was for what stood there before
  expect(await ask<Review>(cookie, "getReview", review)).toMatchObject({ state: "waiting" });

  await deleteRun(systemActor, incumbent);
  await purgeRun(systemActor, incumbent);
  expect((await readNewStudy(ada, project, { parent: "1" })).parentBase).toEqual(better);
  const { studies } = await ask<History>(cookie, "getHistory", { project: project.slug });
  expect(studies[0]).toMatchObject({ chosen: null });
});

test("a study without a loop adopts no run, and neither does a loop that hasn't begun", async () => {
  const { cookie } = await newMember("member");
  const project = await newProject();
  const { run } = await newRun(project);
  for (const mode of ["explore", "loop"]) {
    const { id: study } = await createStudy(systemActor, { project: project.id, title: "Plain", mode, objective });
    const answer = await ask<Study>(cookie, "concludeStudy", { study }, saying({ chosenRun: run.id }));
    expect(answer).toMatchObject({ refused: expect.stringContaining("has no loop that has begun") });
  }
});

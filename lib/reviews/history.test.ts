import { v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { trials } from "../../db/schema/studies.ts";
import { concludeStudy } from "../studies/conclusion.ts";
import { createStudy } from "../studies/studies.ts";
import { newMember, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { historyMarkdown } from "../words/reviews/history-words.ts";
import { decideReview } from "./decide.ts";
import { readHistory } from "./history.ts";
import { inOrder } from "./history-tree.ts";
import { askReview } from "./reviews.ts";

prepareWorkspace();

test("what follows from a study stands below it, whatever is missing, and each once", () => {
  const study = (number: number, id: string, parentId: string | null) => ({ number, id, parentId });
  const all = [study(4, "d", "b"), study(1, "a", null), study(2, "b", "a"), study(3, "c", "gone"), study(5, "e", "a")];
  const circle = [study(6, "f", "g"), study(7, "g", "f")];
  expect(inOrder([...all, ...circle]).map(({ study: { id }, depth }) => `${id}${depth}`)).toEqual([
    ...["a0", "b1", "d2", "e1", "c0", "f0", "g1"],
  ]);
});

test("a history says what each study changed, why, and who approved it, and is read as Markdown", async () => {
  const [{ actor: ada }, { actor: ben }] = [await newMember("member"), await newMember("member")];
  const project = await newProject("Signs");
  const objective = { metric: "loss", split: "validation", direction: "min" };
  const space = [{ kind: "float", path: "optimizer.rate", role: "scientific", low: 1e-4, high: 1, scale: "log" }];
  const base = { optimizer: { rate: 0.1 }, batch: 32 };
  const first = await createStudy(ada, {
    project: project.id,
    title: "# The rate",
    base,
    space,
    objective,
    hypothesis: "smaller",
  });
  const { run } = await newRun(project, { name: "slow one" });
  const trial = uuidv7();
  await connections()
    .db.insert(trials)
    .values({
      id: trial,
      projectId: project.id,
      studyId: first.id,
      number: 1,
      runId: run.id,
      values: { "optimizer.rate": 0.01 },
      origin: "search",
      status: "finished",
      createdBy: "a test",
    });
  await concludeStudy(ada, first.id, { conclusion: "smaller is calmer", decision: "adopt", chosenTrial: trial });
  const review = await askReview(ada, project.id, { kind: "study", subjects: [first.id], title: "The rate" });
  await decideReview(ben, project.id, review.id, { approves: true, word: "five seeds say so" });
  await createStudy(ada, {
    project: project.id,
    title: "The batch",
    base: { optimizer: { rate: 0.01 }, batch: 64 },
    parent: first.id,
    objective,
  });
  const history = await readHistory(ben, project);
  expect(history.studies).toMatchObject([
    {
      number: 1,
      depth: 0,
      isHypothesis: true,
      chosen: { name: "slow one" },
      changes: [{ what: "optimizer.rate", from: "0.1", to: "0.01" }],
      approval: { by: [ben.name], words: ["five seeds say so"] },
    },
    { number: 2, depth: 1, parent: 1, changes: [{ what: "batch", from: "32", to: "64" }], approval: null },
  ]);
  const text = historyMarkdown(project.name, history);
  for (const part of [
    "## Study 1: \\# The rate",
    "- `optimizer.rate 0.1 → 0.01`",
    "**Adopted**: slow one",
    "> smaller is calmer",
    `Approved by ${ben.name} in review 1`,
    "### Study 2: The batch",
    "Follows from study 1.",
  ])
    expect(text).toContain(part);
});

import { v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { trials } from "../../db/schema/studies.ts";
import { newManifest } from "../manifests/test-manifest.ts";
import { newMember, newProject, newToken, prepareWorkspace } from "../test-workspace.ts";
import { checkNames } from "../wire/studies/answers.ts";
import { answerStudy, listAnswers } from "./answers.ts";
import { readNewStudy } from "./begin/new-study.ts";
import { concludeChecked } from "./checks.ts";
import { findStudies, listStudyLines } from "./list.ts";
import { createStudy, updateStudy } from "./studies.ts";

prepareWorkspace();

const objective = { metric: "loss", split: "validation", direction: "min" };
const rate = { kind: "float", path: "optimizer.learningRate", role: "scientific", low: 1e-4, high: 0.1, scale: "log" };

test("a plan that the playbook blocks is opened with a written reason alone", async () => {
  const project = await newProject();
  const { actor } = await newMember("member");
  const { id: manifest } = await newManifest(project);
  const space = [{ kind: "categorical", path: "batchSize", role: "scientific", choices: [32, 64] }];
  const study = await createStudy(actor, { project: project.id, title: "Batches", space, objective, manifest });
  await expect(updateStudy(actor, study.id, { status: "open" })).rejects.toThrow(/P6.*batchSize varies/);
  await expect(
    answerStudy(actor, study.id, { answers: [{ kind: "warning", about: "batch-for-validation", answer: " " }] }),
  ).rejects.toThrow(/an answer in words/);
  for (const answer of ["Because.", "To see what one rate costs."])
    await answerStudy(actor, study.id, { answers: [{ kind: "warning", about: "batch-for-validation", answer }] });
  // the newest of a subject counts
  expect((await listAnswers(actor, study.id)).answers).toMatchObject([
    { about: "batch-for-validation", answer: "To see what one rate costs.", by: actor.name },
  ]);
  expect(await updateStudy(actor, study.id, { status: "open" })).toMatchObject({ status: "open" });
  const stranger = await newToken(await newProject("Other"), "ingest");
  await expect(listAnswers(stranger.actor, study.id)).rejects.toThrow(/no study/);
});

test("the list says how far each study is and the best of its configurations over their seeds", async () => {
  const project = await newProject("Signs of streets");
  const { actor } = await newMember("member");
  const first = await createStudy(actor, { project: project.id, title: "Rates of Quokka", space: [rate], objective });
  await createStudy(actor, { project: project.id, title: "Empty", objective });
  await connections()
    .db.insert(trials)
    .values(
      [
        { number: 1, told: 0.2 },
        { number: 1, replicate: 1, told: 0.6 },
        { number: 2, told: 0.3 },
        { number: 3, told: 0.1, infeasible: "diverged" },
        { number: 4, status: "queued" as const },
        { number: 5, status: "cancelled" as const },
      ].map((one) => ({
        status: "finished" as const,
        ...one,
        id: uuidv7(),
        runId: uuidv7(),
        projectId: project.id,
        studyId: first.id,
        origin: "search" as const,
        values: {},
        createdBy: "a test",
      })),
    );
  const [empty, line] = await listStudyLines(actor, project);
  expect(empty).toMatchObject({ title: "Empty", asked: 0, best: null });
  // one of two seeds of the first was better, and their mean is not
  expect(line).toMatchObject({ asked: 4, best: { number: 2, value: 0.3, seeds: 1 } });
  expect(await findStudies(actor, "quokka signs")).toMatchObject([{ id: first.id, number: 1 }]);
  expect(await findStudies(actor, "")).toEqual([]);
});

test("a study that a flag proposes begins as the one before, with what the flag is about changed", async () => {
  const project = await newProject();
  const { actor } = await newMember("member");
  const base = { epochs: 2, optimizer: { name: "adam", learningRate: 0.01 } };
  const parent = await createStudy(actor, { project: project.id, title: "Rates", base, space: [rate], objective });
  const begun = async (asked: Record<string, string>) =>
    (await readNewStudy(actor, project, { parent: "1", ...asked })).plan;
  const wider = await begun({ propose: "wider", parameter: "optimizer.learningRate", edge: "high" });
  expect(wider).toMatchObject({ parent: parent.id, title: "Rates, wider in optimizer.learningRate", base });
  expect(wider.space).toMatchObject([{ low: 1e-4, high: 1 }]);
  expect((await begun({ propose: "wider", parameter: "optimizer.learningRate", edge: "low" })).space).toMatchObject([
    { low: 1e-5, high: 0.1 },
  ]);
  expect((await begun({ propose: "longer" })).base).toMatchObject({ epochs: 4 });
  const refined = await begun({ propose: "refine" });
  expect(refined).toMatchObject({ mode: "exploit", search: { method: "gaussian-process" } });
  expect(refined.space).toMatchObject([{ low: 0.00316, high: 0.0316 }]);
  // a draft goes as it came: each can be made
  await createStudy(actor, { ...wider, project: project.id });
  expect((await begun({ propose: "nothing of the kind" })).space).toEqual([]);
});

test("a study is concluded once its questions are answered and the curves of its best were opened, or a reason is there", async () => {
  const project = await newProject();
  const { actor } = await newMember("member");
  const study = await createStudy(actor, { project: project.id, title: "Rates", space: [rate], objective });
  const ids = [0.4, 0.1, 0.3, 0.2].map((told, at) => ({ id: uuidv7(), number: at + 1, told }));
  const made = {
    projectId: project.id,
    studyId: study.id,
    origin: "search",
    status: "finished",
    createdBy: "x",
  } as const;
  await connections()
    .db.insert(trials)
    .values(ids.map((one) => ({ ...made, ...one, runId: uuidv7(), values: {} })));
  const conclusion = { conclusion: "Slower is better.", decision: "adopt", chosenTrial: ids[1]!.id };
  // the three best are 2, 4 and 3
  await expect(concludeChecked(actor, study.id, conclusion)).rejects.toThrow(
    /checks.stability: is unanswered.*withoutCurves: open the curves of trials 2, 4, 3/s,
  );
  const checks = Object.fromEntries(checkNames.map((name) => [name, "no"]));
  await answerStudy(actor, study.id, {
    answers: ["2", "4"].map((about) => ({ kind: "curves", about, answer: "opened" })),
  });
  await expect(concludeChecked(actor, study.id, { ...conclusion, checks: { ...checks, early: " " } })).rejects.toThrow(
    /checks.early.*curves of trial 3,/s,
  );
  const concluded = await concludeChecked(actor, study.id, {
    ...conclusion,
    checks,
    withoutCurves: "its points are gone",
  });
  expect(concluded).toMatchObject({ status: "concluded", chosenTrial: ids[1]!.id });
  const { answers } = await listAnswers(actor, study.id);
  expect(answers.find(({ about }) => about === "3")).toMatchObject({ answer: "not opened: its points are gone" });
  // worded anew, what was answered needs no second answer
  await concludeChecked(actor, study.id, { ...conclusion, decision: "reject", chosenTrial: null });
});

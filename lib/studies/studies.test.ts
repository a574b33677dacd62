import { v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { trials } from "../../db/schema/studies.ts";
import { newManifest } from "../manifests/test-manifest.ts";
import { newMember, newProject, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { StudyParameter } from "../wire/studies/parameters.ts";
import { concludeStudy } from "./conclusion.ts";
import { configOf, requireValues } from "./plan.ts";
import { createStudy, listStudies, requireStudy, updateStudy } from "./studies.ts";

prepareWorkspace();

const rate = { kind: "float", path: "optimizer.learningRate", role: "scientific", low: 1e-4, high: 0.1, scale: "log" };
const objective = { metric: "loss", split: "validation", direction: "min" };
const parameters = [
  { kind: "categorical", path: "optimizer.name", role: "scientific", choices: ["adam", "sgd"] },
  { ...rate, when: { path: "optimizer.name", is: ["adam"] } },
  { kind: "integer", path: "units", role: "nuisance", low: 8, high: 64, scale: "linear" },
] as StudyParameter[];

test("a study is a draft until its question can be answered, then its plan stays as it is", async () => {
  const project = await newProject();
  const { actor } = await newMember("member");
  const study = await createStudy(actor, { project: project.id, title: "Rates", space: [rate], objective });
  expect(study).toMatchObject({ number: 1, status: "draft", isHypothesis: false, trials: { queued: 0, finished: 0 } });
  await expect(updateStudy(actor, study.id, { status: "open" })).rejects.toThrow(/manifest: the study names none/);
  const manifest = await newManifest(project);
  const opened = await updateStudy(actor, study.id, {
    manifest: manifest.id,
    hypothesis: "1e-2 is best",
    status: "open",
  });
  expect(opened).toMatchObject({ status: "open", isHypothesis: true, manifest: manifest.id });
  await addTrial(project.id, study.id, "finished");
  await expect(updateStudy(actor, study.id, { objective })).rejects.toThrow(/objective: can't change once a trial/);
  const noted = await updateStudy(actor, study.id, { trialsBudget: 40, hypothesis: "as I said" });
  expect(noted).toMatchObject({ trialsBudget: 40, isHypothesis: false, trials: { finished: 1 } });
  expect(await listStudies(actor, project.id)).toHaveLength(1);
});

test("a test number is no objective, and a space that can't be is refused by name", async () => {
  const project = await newProject();
  const { actor } = await newToken(project, "ingest");
  const made = (changes: object) => createStudy(actor, { title: "x", space: [rate], objective, ...changes });
  await expect(made({ objective: { ...objective, metric: "test_accuracy" } })).rejects.toThrow(
    /objective.metric: test_accuracy/,
  );
  await expect(made({ objective: { ...objective, split: "test" } })).rejects.toThrow(/objective.split/);
  await expect(made({ space: [{ ...rate, low: 0 }] })).rejects.toThrow(/space: optimizer.learningRate/);
  await expect(made({ space: [rate, { ...rate, path: "optimizer" }] })).rejects.toThrow(/lies within/);
  await expect(made({ space: [{ ...rate, scale: "linear", low: -1e308, high: 1e308 }] })).rejects.toThrow(
    /too far apart/,
  );
  await expect(made({ space: [{ ...rate, path: "a.__proto__.b" }] })).rejects.toThrow(/space.0.path/);
  await expect(made({ space: [{ ...rate, path: "a.".repeat(140) }] })).rejects.toThrow(/space: .*nested deeper/);
  await expect(made({ parent: uuidv7() })).rejects.toThrow(/parent/);
  await expect(made({ manifest: "a".repeat(64) })).rejects.toThrow(/no manifest/);
  const other = await newToken(await newProject("Other"), "read");
  const study = await made({});
  await expect(requireStudy(other.actor, study.id)).rejects.toThrow(/no study/);
  await expect(updateStudy(other.actor, study.id, { title: "mine" })).rejects.toThrow(/studies.write/);
});

test("a space that its search can't take is refused when it is planned, not when a worker asks", async () => {
  const { actor } = await newToken(await newProject(), "ingest");
  const many = Array.from({ length: 26 }, (_, at) => ({ ...rate, path: `rate${at}` }));
  const plan = (method: string, space: object[]) =>
    createStudy(actor, { title: "x", objective, space, search: { method, steps: 46 } });
  for (const method of ["quasi-random", "tpe", "gaussian-process"])
    await expect(plan(method, many)).rejects.toThrow(/space: 26 parameters; quasi-random .* at most 25/);
  const choices = Array.from({ length: 100 }, (_, at) => at);
  const wide = [...many.slice(0, 3), { kind: "categorical", path: "seed", choices }];
  await expect(plan("grid", wide)).rejects.toThrow(/space: a grid of more than 100000 trials/);
  const study = await createStudy(actor, { title: "x", objective, space: many, search: { method: "random" } });
  await expect(updateStudy(actor, study.id, { search: { method: "tpe" } })).rejects.toThrow(/at most 25/);
});

test("a conclusion adopts a trial that has ended, and cancels what waits", async () => {
  const project = await newProject();
  const { actor } = await newMember("member");
  const study = await createStudy(actor, { project: project.id, title: "Rates", space: [rate], objective });
  const [done, waiting] = [
    await addTrial(project.id, study.id, "finished", 1),
    await addTrial(project.id, study.id, "queued", 2),
  ];
  const said = { conclusion: "Slower is better.", decision: "adopt" };
  await expect(concludeStudy(actor, study.id, said)).rejects.toThrow(/chosenTrial/);
  await expect(concludeStudy(actor, study.id, { ...said, chosenTrial: waiting })).rejects.toThrow(/is queued/);
  const concluded = await concludeStudy(actor, study.id, { ...said, chosenTrial: done });
  expect(concluded).toMatchObject({ status: "concluded", chosenTrial: done, trials: { cancelled: 1, queued: 0 } });
  await expect(updateStudy(actor, study.id, { status: "open" })).rejects.toThrow(/concluded/);
});

test("values go to their paths in the config, and are held against the space by name", () => {
  const base = { optimizer: { name: "momentum", momentum: 0.9 }, "a.b": 1 };
  const values = { "optimizer.name": "adam", "optimizer.name=adam/optimizer.learningRate": 0.01, units: 16 };
  expect(configOf(base, parameters, values)).toEqual({
    optimizer: { name: "adam", momentum: 0.9, learningRate: 0.01 },
    "a.b": 1,
    units: 16,
  });
  expect(base.optimizer.name).toBe("momentum");
  // what every object inherits is no part of a config
  const inherited = [{ ...parameters[2], path: "__proto__.units" }] as StudyParameter[];
  configOf(base, inherited, { "__proto__.units": 16 });
  expect({}).not.toHaveProperty("units");
  requireValues(parameters, values);
  expect(() => requireValues(parameters, { ...values, "optimizer.name": "sgd" })).toThrow(/no meaning/);
  expect(() => requireValues(parameters, { ...values, units: 7 })).toThrow(
    /values.units: expected an integer from 8 to 64/,
  );
  expect(() => requireValues(parameters, { units: 8 })).toThrow(/values.optimizer.name: is missing/);
  expect(() => requireValues(parameters, { ...values, dropout: 0.1 })).toThrow(/no parameter/);
});

async function addTrial(
  projectId: string,
  studyId: string,
  status: "finished" | "queued",
  number = 1,
): Promise<string> {
  const id = uuidv7();
  const values = { "optimizer.learningRate": 0.01 };
  const trial = {
    id,
    projectId,
    studyId,
    number,
    runId: uuidv7(),
    values,
    origin: "search",
    status,
    createdBy: "a test",
  } as const;
  await connections().db.insert(trials).values(trial);
  return id;
}

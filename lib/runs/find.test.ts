import { expect, test } from "vitest";
import { deleteProject } from "../projects/deleted.ts";
import { newMember, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { deleteRun } from "./deleted.ts";
import { findRuns } from "./find.ts";

prepareWorkspace();

test("runs are found by words of their name and their project's, newest first, whatever stands in a word", async () => {
  const { actor } = await newMember("admin");
  const signs = await newProject("Street signs");
  const digits = await newProject("Digits");
  const { run: first } = await newRun(signs, { name: "cnn 50%_a" });
  const { run: second } = await newRun(digits, { name: "CNN b" });
  const { run: gone } = await newRun(digits, { name: "cnn gone" });
  await deleteRun(actor, gone.id);
  const found = async (q: string) => (await findRuns(actor, q)).map((run) => run.id);
  expect(await found("cnn")).toEqual([second.id, first.id]);
  expect(await found("")).toEqual([second.id, first.id]);
  expect(await found("STREET cnn")).toEqual([first.id]);
  expect(await found("%_")).toEqual([first.id]);
  expect(await found("'\\\0")).toEqual([]);
  const within = async (q: string) => (await findRuns(actor, q, digits.id)).map((run) => run.id);
  expect(await within("cnn")).toEqual([second.id]);
  expect(await within("digits")).toEqual([]);
  await deleteProject(actor, digits.id);
  expect(await found("cnn")).toEqual([first.id]);
});

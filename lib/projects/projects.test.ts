import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { prepareWorkspace } from "../test-workspace.ts";
import { createProject } from "./projects.ts";

prepareWorkspace();

test.each([
  ["Éclairs & Söhne, 2. Teil", "eclairs-sohne-2-teil"],
  ["道路標識プロジェクト", "道路標識プロジェクト"],
  ["हिन्दी पाठ", "हिन्दी-पाठ"],
  ["Йод", "йод"],
  ["…", "project"],
  [`${"a".repeat(59)}𠮷𠮷`, `${"a".repeat(59)}𠮷`],
])("the address of the project %s has its letters, in its script", async (name, slug) => {
  expect((await createProject(systemActor, { name })).slug).toBe(slug);
});

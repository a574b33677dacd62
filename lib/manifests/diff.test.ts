import { beforeAll, expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { createDataset } from "../datasets/datasets.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import { diffManifests } from "./diff.ts";
import { registerManifest } from "./register.ts";

prepareWorkspace();
let project = "";
beforeAll(async () => {
  project = (await newProject()).id;
});

const hash = (at: number) => at.toString(16).padStart(64, "0");
const manifestOf = (name: string, splits: Record<string, "train" | "validation" | "test">, version: string) =>
  registerManifest(systemActor, {
    project,
    name,
    dataset: { name: "flows", version },
    method: "given",
    samples: {
      key: Object.keys(splits),
      label: Object.keys(splits).map(() => null),
      split: Object.values(splits),
      contentHash: Object.keys(splits).map((key) => hash(key.charCodeAt(0))),
    },
  });

test("a comparison counts the samples from each split to each, those that stayed and those that came or went", async () => {
  for (const version of ["1", "2"]) await createDataset(systemActor, { name: "flows", version, project });
  const before = await manifestOf("one", { a: "train", b: "train", c: "validation", d: "test", e: "test" }, "1");
  const after = await manifestOf("two", { a: "train", b: "test", c: "validation", d: "train", f: "test" }, "2");
  const { flows, counts } = await diffManifests(systemActor, project, before.id, after.id);
  expect(flows).toEqual([
    { from: "train", to: "train", samples: 1 },
    { from: "validation", to: "validation", samples: 1 },
    { from: "test", to: "train", samples: 1 },
    { from: "test", to: null, samples: 1 },
    { from: "train", to: "test", samples: 1 },
    { from: null, to: "test", samples: 1 },
  ]);
  expect(counts).toMatchObject({ moved: 2, added: 1, removed: 1, leakRisk: 2 });
});

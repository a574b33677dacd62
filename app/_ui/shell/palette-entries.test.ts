import { expect, test } from "vitest";
import { matchEntries, type PaletteEntry } from "./palette-entries.ts";

const entries: PaletteEntry[] = [
  { id: "new", heading: "Acts", kind: "act", label: "New project" },
  { id: "dark", heading: "Acts", kind: "theme", label: "Dark theme", words: "night" },
  { id: "signs", heading: "Projects", kind: "project", label: "Street signs" },
  { id: "manifests", heading: "Pages", kind: "page", label: "Manifests", hint: "Street signs", isQuiet: true },
  { id: "redesign", heading: "Projects", kind: "project", label: "Redesign" },
];

test.each([
  ["", ["new", "dark", "signs", "redesign"]],
  ["street", ["signs", "manifests"]],
  ["sign", ["signs", "manifests", "redesign"]],
  ["signs manifests", ["manifests"]],
  ["NIGHT", ["dark"]],
  // each letter stands in one of them somewhere, and nobody meant it
  ["npj", []],
  ["strt", []],
  ["dark project", []],
])("%s finds %j", (typed, ids) => {
  expect(matchEntries(entries, typed).map(({ id }) => id)).toEqual(ids);
});

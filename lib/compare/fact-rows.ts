/** What is known of runs beside config and metrics, a row a fact. Pure. */
import type { Scalar } from "../runs/flatten.ts";
import type { ComparedRun } from "../wire/comparison.ts";
import { countWords, durationWords } from "../words/numbers.ts";
import type { AlignedRow } from "./aligned-row.ts";
import { alignValues } from "./config-rows.ts";

export const factSections = ["identity", "data", "code", "environment"] as const;
export type FactSection = (typeof factSections)[number];

/** How a value is shown. `tags`: as JSON of a list; `time`: ISO 8601. */
export type FactKind = "text" | "mono" | "number" | "status" | "time" | "tags" | "manifest";
export type FactRow = AlignedRow & { section: FactSection; kind: FactKind };

type Fact = {
  section: FactSection;
  key: string;
  kind: FactKind;
  of: (run: ComparedRun) => Scalar | undefined;
};

/** So much of a digest tells those of a project apart. */
const DIGEST_SHOWN = 12;
const known = (value: string | null | undefined): string | undefined => (value ? value : undefined);
const splitOf =
  (name: "train" | "validation" | "test") =>
  ({ manifest }: ComparedRun): string | undefined => {
    if (!manifest) return undefined;
    const { digest, count } = manifest.splits[name];
    return `${countWords(count, "sample")} ${digest.slice(0, DIGEST_SHOWN)}`;
  };

const facts: Fact[] = [
  { section: "identity", key: "status", kind: "status", of: ({ status }) => status },
  { section: "identity", key: "started", kind: "time", of: ({ startedAt }) => known(startedAt) },
  {
    section: "identity",
    key: "duration",
    kind: "number",
    of: ({ durationMs }) => (durationMs === null ? undefined : durationWords(durationMs)),
  },
  { section: "identity", key: "seed", kind: "number", of: ({ seed }) => seed ?? undefined },
  { section: "identity", key: "last step", kind: "number", of: ({ lastStep }) => lastStep ?? undefined },
  {
    section: "identity",
    key: "tags",
    kind: "tags",
    of: ({ tags }) => (tags.length === 0 ? undefined : JSON.stringify(tags)),
  },
  { section: "identity", key: "created by", kind: "text", of: ({ createdBy }) => createdBy },
  { section: "identity", key: "notes", kind: "text", of: ({ notes }) => known(notes.trim()) },
  { section: "data", key: "manifest", kind: "manifest", of: ({ manifest }) => manifest?.id },
  { section: "data", key: "train", kind: "mono", of: splitOf("train") },
  { section: "data", key: "validation", kind: "mono", of: splitOf("validation") },
  { section: "data", key: "test", kind: "mono", of: splitOf("test") },
  { section: "code", key: "repository", kind: "text", of: ({ code }) => known(code?.repository) },
  { section: "code", key: "commit", kind: "mono", of: ({ code }) => known(code?.commit?.slice(0, DIGEST_SHOWN)) },
  { section: "code", key: "branch", kind: "mono", of: ({ code }) => known(code?.branch) },
  {
    section: "code",
    key: "changes",
    kind: "text",
    of: ({ code }) => (code ? (code.dirty ? "uncommitted" : "none") : undefined),
  },
  { section: "code", key: "code", kind: "mono", of: ({ codeDigest }) => known(codeDigest?.slice(0, DIGEST_SHOWN)) },
  { section: "code", key: "command", kind: "mono", of: ({ code }) => known(code?.command) },
];

/** Facts that any run has, by section; entries of the environment by their names. */
export function alignFacts(runs: readonly ComparedRun[]): FactRow[] {
  const entries = [...new Set(runs.flatMap(({ environment }) => Object.keys(environment)))].sort();
  const environment = entries.map(
    (key): Fact => ({
      section: "environment",
      key,
      kind: "mono",
      of: (run) => (Object.hasOwn(run.environment, key) ? run.environment[key] : undefined),
    }),
  );
  return [...facts, ...environment].flatMap(({ section, key, kind, of }) => {
    const row = { ...alignValues(key, runs.map(of)), section, kind };
    return row.choices.length > 0 ? [row] : [];
  });
}

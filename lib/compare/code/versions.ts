/** Which of the compared runs ran the same code. Pure. */
import type { ComparedRun } from "../../wire/comparison.ts";

export type CodeVersion = {
  /** A, B, … in the order of the runs. */
  letter: string;
  /** The first of its runs stands for them. */
  code: ComparedRun["code"];
  runs: { id: string; name: string; codeDigest: string | null }[];
  /** Its runs of the baseline's recipe: replicates whose code is another than the baseline's. */
  replicates: string[];
};

type CodedRun = Pick<ComparedRun, "id" | "name" | "code" | "codeDigest" | "recipe">;

/** In the order of the runs. Runs without captured code are a version of their own: nobody knows what they ran. */
export function codeVersions(runs: readonly CodedRun[], baseline: string): CodeVersion[] {
  const byDigest = new Map<string, CodedRun[]>();
  for (const run of runs) {
    const key = run.code === null ? "none" : (run.codeDigest ?? run.id);
    byDigest.set(key, [...(byDigest.get(key) ?? []), run]);
  }
  const recipe = runs.find(({ id }) => id === baseline)?.recipe ?? null;
  return [...byDigest.values()].map((members, at) => ({
    letter: letterOf(at),
    code: members[0]!.code,
    runs: members.map(({ id, name, codeDigest }) => ({ id, name, codeDigest })),
    replicates:
      recipe === null || members.some(({ id }) => id === baseline)
        ? []
        : members.flatMap((run) => (run.recipe === recipe ? [run.id] : [])),
  }));
}

/** As columns of a spreadsheet: A to Z, then AA. */
function letterOf(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : letterOf(Math.floor(at / 26) - 1) + last;
}

export type ChosenVersions = { from: CodeVersion; to: CodeVersion };

/**
 * Those that an address names by a run; else the baseline's, and the first other one of which code is known. Both are
 * the same where all runs ran the same code.
 */
export function chooseVersions(
  versions: readonly CodeVersion[],
  { from, to, baseline }: { from: string; to: string; baseline: string },
): ChosenVersions {
  const ofRun = (run: string) => versions.find(({ runs }) => runs.some(({ id }) => id === run));
  const own = ofRun(from) ?? ofRun(baseline) ?? versions[0]!;
  const others = versions.filter((version) => version !== own);
  const other = ofRun(to) ?? others.find(({ code }) => code !== null) ?? others[0] ?? own;
  return { from: own, to: other };
}

/** When the test split of the study's manifest was looked at, and which trials began afterwards. Never a number of it. Pure. */
import type { LookKind } from "../../../wire/evaluations/looks.ts";
import type { PanelMaker } from "../../facts/panel.ts";

export type LooksData = {
  /** ISO 8601, the oldest first. */
  looks: { at: string; kind: LookKind }[];
  trials: string[];
  /** Trials that began after the first look. */
  after: number;
  testSamples: number;
};

export const makeLooks: PanelMaker<LooksData> = ({ manifest, looks, results }) => {
  if (manifest === null) return { missing: "no-manifest" };
  if (looks.length === 0) return { missing: "no-look" };
  const trials = results.map(({ createdAt }) => createdAt).sort();
  const [first] = looks;
  const after = trials.filter((at) => at > first!.at).length;
  return {
    data: { looks: [...looks], trials, after, testSamples: manifest.test },
    flags: after === 0 ? [] : [{ kind: "look-while-tuning", looks: looks.length, trials: after }],
  };
};

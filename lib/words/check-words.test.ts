import { expect, test } from "vitest";
import type { Split } from "../wire/base/words.ts";
import { type Finding, type Statement, statementSchema } from "../wire/data/statements.ts";
import {
  checkTitle,
  checkWords,
  figureTitle,
  findingWords,
  progressWords,
  rangeWords,
  recallWords,
} from "./check-words.ts";
import { manifestWords, repairWords, standingWords, tallyWords, verdictWords } from "./verdicts.ts";

const reEncoded = { kind: "re-encoded", planted: 200, found: 198, low: 0.964, high: 0.997 } as const;
const half = { kind: "resized-to-half", planted: 200, found: 100, low: 0.431, high: 0.569 } as const;
const rounded = { kind: "rounded", planted: 200, found: 200, low: 0.981, high: 1 } as const;

const sentences: [Statement, string][] = [
  [{ kind: "one-split", figures: { split: "train" } }, "All samples are train: there are no two splits to compare."],
  [
    { kind: "contents-in-two-splits", figures: { contents: 1, pairs: 2, files: 0, testSamples: 1, tests: 2000 } },
    "1 content stands in more than one split (2 pairs), and 0 files byte by byte. 1 test sample of 2,000 (0.05 %) can be known from training or tuning.",
  ],
  [
    { kind: "contents-in-two-splits", figures: { contents: 3, pairs: 1, files: 1, testSamples: 0, tests: 0 } },
    "3 contents stand in more than one split (1 pair), and 1 file byte by byte. 0 test samples of 0 (0.00 %) can be known from training or tuning.",
  ],
  [{ kind: "repeated-in-one-split", figures: { samples: 1 } }, "Inside one split, 1 sample repeats another."],
  [{ kind: "repeated-in-one-split", figures: { samples: 2 } }, "Inside one split, 2 samples repeat another."],
  [
    { kind: "samples-untimed", figures: { untimed: 93, samples: 187 } },
    "93 of 187 samples of train and test have no time.",
  ],
  [
    { kind: "tests-at-last-training", figures: { samples: 4 } },
    "4 test samples are at the very time of the last training sample: none is earlier, but which came first can't be told.",
  ],
  [
    { kind: "validation-out-of-order", figures: {} },
    "Validation doesn't lie between train and test, and the data is temporal: what is tuned on it has seen the future.",
  ],
  [
    { kind: "tests-earlier-by-chance", figures: { share: 1 } },
    "100.0 % of the test samples are earlier than the last training sample. That is as in any random split, and right unless the model is to foretell.",
  ],
  [{ kind: "tests-later", figures: { allTimed: true } }, "Every test sample is later than the last training sample."],
  [
    { kind: "tests-later", figures: { allTimed: false } },
    "Every test sample that has a time is later than the last training sample.",
  ],
  [
    { kind: "order-in-like-shares", figures: {} },
    "Labels and splits follow the order of the keys, but each split has them in like shares, so that does no harm.",
  ],
  [
    { kind: "order-of-many-labels", figures: {} },
    "There are too many different labels for them to follow the order of the keys.",
  ],
  [{ kind: "labels-too-many", figures: {} }, "There are more than 1,000 different labels: too many to be classes."],
  [
    { kind: "labels-left-out", figures: { samples: 140, whole: [] } },
    "140 samples whose label is sealed or missing are left out.",
  ],
  [
    { kind: "labels-left-out", figures: { samples: 1, whole: ["test"] } },
    "1 sample whose label is sealed or missing is left out, the whole of test among them.",
  ],
  [
    { kind: "labels-left-out", figures: { samples: 660, whole: ["validation", "test"] } },
    "660 samples whose label is sealed or missing are left out, the whole of validation and test among them.",
  ],
  [
    { kind: "classes-missing", figures: { missing: 1, first: [{ label: "3", split: "test" }] } },
    'Missing: "3" in test. Nothing can be said there of a class that isn\'t.',
  ],
  [
    { kind: "classes-missing", figures: { missing: 7, first: [{ label: "3", split: "test" }] } },
    'Missing: "3" in test, and 6 more. Nothing can be said there of a class that isn\'t.',
  ],
  [
    { kind: "classes-everywhere", figures: { classes: 1, splits: ["train", "test"] } },
    "Each of 1 class stands in train and test.",
  ],
  [
    { kind: "classes-everywhere", figures: { classes: 10, splits: ["train", "validation", "test"] } },
    "Each of 10 classes stands in each split.",
  ],
  [
    { kind: "shares-differ", figures: { share: 0.1234, p: 0.0001 } },
    "12.3 % of a split's samples would have to change class to match train: more than chance (p below 0.001).",
  ],
  [
    { kind: "shares-differ", figures: { share: 0.1234, p: 0.0042 } },
    "12.3 % of a split's samples would have to change class to match train: more than chance (p is 0.004).",
  ],
  [
    { kind: "shares-move-with-time", figures: { share: 0.2, usual: { split: "test", share: 0.31 } } },
    "The data is temporal, and its shares move over time: 20.0 % of a split's samples would have to change class to match train; within train, stretches as long as test differ by up to 31.0 %.",
  ],
  [
    { kind: "shares-move-with-time", figures: { share: 0.2, usual: null } },
    "The data is temporal, and its shares move over time: 20.0 % of a split's samples would have to change class to match train.",
  ],
  [{ kind: "groups-in-one-split", figures: { groups: 399 } }, "Each of 399 groups stands in one split."],
  [
    { kind: "groups-in-two-splits", figures: { groups: 1200, spanning: 1, testSamples: 3 } },
    "1 group of 1,200 stands in more than one split, with 3 test samples: what is tested was partly trained on.",
  ],
  [
    { kind: "pairs-alike", figures: { pairs: 1, testSamples: 1, tests: 44 } },
    "1 pair of samples of two splits looks the same; 1 of 44 test samples are among them. Confirm those that are, and repair the split.",
  ],
  [
    { kind: "search-full", figures: { what: "images", pairs: 20_000 } },
    "The search ended with 20,000 pairs of images that are the same: there may be more.",
  ],
  [
    { kind: "no-pair-alike", figures: { allCompared: false } },
    "No two samples of different splits look the same, of those that could be compared.",
  ],
  [
    {
      kind: "samples-compared",
      figures: { compared: 154, samples: 220, least: { split: "validation", compared: 0, samples: 22 }, texts: null },
    },
    "154 of 220 samples could be compared; in validation 0 of 22. Of the others nothing is said.",
  ],
  [
    {
      kind: "samples-compared",
      figures: {
        compared: 200_000,
        samples: 300_000,
        least: { split: "test", compared: 40_000, samples: 60_000 },
        texts: { searched: 200_000, all: 300_000 },
      },
    },
    "200,000 of 300,000 samples could be compared, as 200,000 of 300,000 texts were searched, whichever came by their hash; in test 40,000 of 60,000. Of the others nothing is said.",
  ],
  [
    { kind: "row-copies-found", figures: { copies: [rounded], digits: 3, noise: 0.01 } },
    "Of altered copies of these rows it finds 100 % (98–100 %) rounded to 3 digits.",
  ],
  [
    { kind: "row-copies-found", figures: { copies: [{ ...rounded, kind: "noisy" }], digits: 3, noise: 0.01 } },
    "Of altered copies of these rows it finds 100 % (98–100 %) with noise of 1 % of each column's deviation.",
  ],
  [
    { kind: "image-copies-found", figures: { reEncoded, untold: [] } },
    "Of 200 planted copies of these images it finds 99 % (96–100 %) re-encoded.",
  ],
  [
    { kind: "image-copies-found", figures: { reEncoded, untold: [half] } },
    "Of 200 planted copies of these images it finds 99 % (96–100 %) re-encoded. It can't tell copies of these kinds: resized to half: 50 % (43–57 %).",
  ],
  [
    { kind: "accuracy-known-to", figures: { tests: 20, halfWidth: 0.14, tooWide: true } },
    "With 20 test samples an accuracy of 90 % is known to ±14.0 %: too wide to tell runs apart.",
  ],
  [
    { kind: "mean-error-known-to", figures: { tests: 1000, halfWidth: 0.062, tooWide: false } },
    "With 1,000 test samples a mean error is known to ±6.2 % of the errors' standard deviation.",
  ],
];

test.each(sentences)("%j is said", (statement, sentence) => {
  expect(statementSchema.parse(statement)).toEqual(statement);
  expect(checkWords({ statements: [statement] })).toBe(sentence);
});

test("a check's statements are said one after the other", () => {
  const statements: Statement[] = [
    { kind: "pairs-told-apart", figures: { pairs: 2 } },
    { kind: "pairs-alike", figures: { pairs: 2, testSamples: 2, tests: 400 } },
  ];
  expect(checkWords({ statements })).toBe(
    "All 2 pairs that the search found were told apart by people. Before that the check said: " +
      "2 pairs of samples of two splits look the same; 2 of 400 test samples are among them. Confirm those that are, and repair the split.",
  );
  expect(checkWords({ statements: [{ kind: "pairs-told-apart", figures: { pairs: 1 } }] })).toBe(
    "The pair that the search found was told apart by people. Before that the check said:",
  );
});

const samples = { keys: ["a", "b"], splits: ["train", "test"] as Split[] };
test.each<[Finding, string]>([
  [{ ...samples, kind: "same-group", figures: { group: "patient 18", samples: 2 } }, "group patient 18, 2 samples"],
  [{ ...samples, kind: "same-content", figures: { samples: 1234 } }, "1,234 samples alike"],
  [{ ...samples, kind: "different-labels", figures: { labels: ["1", "7"] } }, "labels 1, 7"],
  [{ ...samples, kind: "alike", figures: { similarity: 0.98765, mirrored: true } }, "alike to 0.988, mirrored"],
])("of the finding %j its note is said", (finding, note) => {
  expect(findingWords(finding)).toBe(note);
});

test("names are those of people, and one that is no longer known is shown as it is", () => {
  expect(checkTitle("label-conflicts")).toBe("Conflicting labels");
  expect(figureTitle("testEarlierShare")).toBe("test earlier share");
  expect(figureTitle("ofAnEarlierVersion")).toBe("ofAnEarlierVersion");
  expect(["", "near-duplicates", "exact duplicates"].map(progressWords)).toEqual([
    "Waiting to be checked …",
    "Looking for near duplicates …",
    "exact duplicates",
  ]);
  expect(recallWords(half)).toBe("50 % (43–57 %)");
  expect([rangeWords(null, 3), rangeWords(3, 7.123456789), rangeWords(7, null)]).toEqual([
    "below 3",
    "3 to below 7.12346",
    "7 and above",
  ]);
});

test("the headline counts the checks, the gravest first", () => {
  const checks = (["pass", "cannot-tell", "block", "pass", "not-applicable", "not-applicable"] as const).map(
    (verdict) => ({
      verdict,
    }),
  );
  expect(tallyWords(checks)).toBe("1 blocks, 2 passed, 1 can't tell, 2 don't apply");
  expect(tallyWords([{ verdict: "warn" }, { verdict: "warn" }, { verdict: "not-applicable" }])).toBe(
    "2 warn, 1 doesn't apply",
  );
});

test("a repair says what it keeps together, once where its notes say it already", () => {
  expect(repairWords({ joinedPairs: 0, notes: "" })).toBe("Samples that share a content or a group are kept together.");
  expect(repairWords({ joinedPairs: 2, notes: "mine" })).toBe(
    "Samples that share a content or a group, and 2 pairs of near duplicates, are kept together.",
  );
  expect(repairWords({ joinedPairs: 2, notes: "Samples that share a content or group are kept together." })).toBeNull();
  expect(repairWords({ notes: "" })).toBeNull();
});

const override = { reason: "one known copy", by: "Ada", at: "2026-01-05T09:00:00.000Z" };
test("a manifest's verdict is one word wherever manifests are listed, and a run wears a whole one", () => {
  expect((["pass", "not-applicable", "cannot-tell", "warn", "block"] as const).map(verdictWords)).toEqual([
    "pass",
    "not applicable",
    "cannot tell",
    "warn",
    "block",
  ]);
  const said = (words: typeof manifestWords) =>
    [
      { verdict: null, override: null },
      { verdict: "warn" as const, override: null },
      { verdict: "block" as const, override: null },
      { verdict: "block" as const, override },
    ].map(words);
  expect(said(manifestWords)).toEqual(["not checked yet", "warn", "block", "block, overridden"]);
  expect(said(standingWords)).toEqual(["not checked yet", "warn", "blocked", "blocked, overridden"]);
});

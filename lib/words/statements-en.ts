/** English: what checks of manifests say. A table that lacks a kind or an alteration of `lib/wire` doesn't compile. */
import type { Alteration, Recall, RowAlteration, RowRecall } from "../wire/data/recall.ts";
import type { FindingFigures, StatementFigures } from "../wire/data/statements.ts";
import { countWords, decimalWords, listWords, numberWords, significantWords } from "./numbers.ts";
import type { SentencesOf } from "./sentences-en.ts";

export const alterations: Record<Alteration, string> = {
  "re-encoded": "re-encoded (JPEG 85)",
  "re-encoded-strongly": "re-encoded strongly (JPEG 40)",
  brighter: "brighter by 30 of 255",
  mirrored: "mirrored",
  noisy: "with noise of deviation 10 of 255",
  resized: "resized to 85 %",
  "resized-to-half": "resized to half",
  shifted: "shifted by a pixel",
  cropped: "cropped by 3 %",
};

const rowAlterations: Record<RowAlteration, (how: { digits: number; noise: number }) => string> = {
  rounded: ({ digits }) => `rounded to ${digits} digits`,
  noisy: ({ noise }) => `with noise of ${numberWords(noise * 100)} % of each column's deviation`,
  "one-column": () => "with another value in one column",
};

const percent = (share: number): string => `${decimalWords(share * 100, share < 0.01 ? 2 : 1)} %`;
const whole = (share: number): string => decimalWords(share * 100, 0);

/** Such as `98 % (95–99 %)`. */
export const recall = ({ planted, found, low, high }: Omit<Recall | RowRecall, "kind">): string =>
  `${whole(found / planted)} % (${whole(low)}–${whole(high)} %)`;

/** A range of numbers, of which `from` is in it and `to` isn't. */
export function range(from: string | null, to: string | null): string {
  if (from === null) return `below ${to}`;
  return to === null ? `${from} and above` : `${from} to below ${to}`;
}

const P_SHOWN_MIN = 0.001;
const chance = (p: number): string =>
  p < P_SHOWN_MIN ? `below ${significantWords(P_SHOWN_MIN, 1)}` : `is ${significantWords(p, 1)}`;
const toMatch = (share: number): string =>
  `${percent(share)} of a split's samples would have to change class to match train`;
const earlier = (share: number): string =>
  `${percent(share)} of the test samples are earlier than the last training sample`;
const known = (tests: number, what: string, isTooWide: boolean): string =>
  `With ${countWords(tests, "test sample")} ${what}${isTooWide ? ": too wide to tell runs apart" : ""}.`;

export const statements: SentencesOf<StatementFigures> = {
  "earlier-text": ({ text }) => text,

  "one-split": ({ split }) => `All samples are ${split}: there are no two splits to compare.`,

  "contents-in-two-splits": ({ contents, pairs, files, testSamples, tests }) =>
    `${countWords(contents, "content stands", "contents stand")} in more than one split (${countWords(pairs, "pair")}), and ` +
    `${countWords(files, "file")} byte by byte. ${countWords(testSamples, "test sample")} of ${numberWords(tests)} ` +
    `(${percent(testSamples / Math.max(1, tests))}) can be known from training or tuning.`,
  "no-content-in-two-splits": () => "No content stands in two splits.",
  "repeated-in-one-split": ({ samples }) =>
    `Inside one split, ${countWords(samples, "sample repeats", "samples repeat")} another.`,

  "pairs-told-apart": ({ pairs }) =>
    `${pairs === 1 ? "The pair" : `All ${numberWords(pairs)} pairs`} that the search found ${pairs === 1 ? "was" : "were"} ` +
    "told apart by people. Before that the check said:",
  "nothing-to-look-at": () => "No sample has an image's hash, a text or a row's features, so nothing can be compared.",
  "pairs-alike": ({ pairs, testSamples, tests }) =>
    `${countWords(pairs, "pair of samples of two splits looks", "pairs of samples of two splits look")} the same; ` +
    `${numberWords(testSamples)} of ${numberWords(tests)} test samples are among them. Confirm those that are, and repair the split.`,
  "no-pair-alike": ({ allCompared }) =>
    `No two samples of different splits look the same${allCompared ? "" : ", of those that could be compared"}.`,
  "no-pair-for-sure": () => "No pair was found that surely shows the same.",
  "rows-close-together": () =>
    "No two rows are surely one, and these lie as close together by themselves as slightly altered copies do: such a copy " +
    "tells a model no more than any neighbour, and exact ones are looked for above.",
  "search-not-separating": ({ what, nominated }) =>
    `This hash can't separate these ${what}: it nominates ${numberWords(nominated)} of them or more, most of them wrongly, so not all were looked at.`,
  "search-full": ({ what, pairs }) =>
    `The search ended with ${numberWords(pairs)} pairs of ${what} that are the same: there may be more.`,
  "search-cut-short": ({ what }) =>
    `The search of ${what} ended before all were compared, as too many lie close together: there may be more.`,
  "search-weak": ({ what }) => `The search of ${what} misses copies that were only re-encoded, so it can't tell.`,
  "search-crowded": ({ what, comparisons }) =>
    `The search of ${what} ended after ${numberWords(comparisons)} comparisons of hashes, which too many of them share: there may be more.`,
  "row-search-crowded": () =>
    "The search of rows ended before the last of them, as many lie close together: there may be more.",
  "search-overfull": ({ what, pairs, nominated }) =>
    `The search of ${what} ended with ${numberWords(pairs)} pairs of ${numberWords(nominated)} nominated: there may be more.`,
  "pairs-without-thumbnails": ({ pairs }) =>
    `${countWords(pairs, "nominated pair has", "nominated pairs have")} no thumbnails to compare.`,
  "hashes-within": ({ bits }) => `Only hashes within ${countWords(bits, "bit")} were searched.`,
  "images-looked-up": ({ share }) =>
    `${Math.floor(share * 100)} % of the images were looked up among those of another split.`,
  "row-copies-found": ({ copies, ...how }) =>
    `Of altered copies of these rows it finds ${copies.map((one) => `${recall(one)} ${rowAlterations[one.kind](how)}`).join(", ")}.`,
  "image-copies-found": ({ reEncoded, untold }) => {
    const kinds = untold.map((one) => `${alterations[one.kind]}: ${recall(one)}`);
    return (
      `Of ${numberWords(reEncoded.planted)} planted copies of these images it finds ${recall(reEncoded)} re-encoded.` +
      (kinds.length > 0 ? ` It can't tell copies of these kinds: ${kinds.join("; ")}.` : "")
    );
  },
  "samples-compared": ({ compared, samples, least, texts }) =>
    `${numberWords(compared)} of ${numberWords(samples)} samples could be compared` +
    (texts
      ? `, as ${numberWords(texts.searched)} of ${numberWords(texts.all)} texts were searched, whichever came by their hash`
      : "") +
    `; in ${least.split} ${numberWords(least.compared)} of ${numberWords(least.samples)}. Of the others nothing is said.`,

  "labels-unknown": () => "No sample has a label that is known here.",
  "labels-measured": () => "The labels are numbers: of equal samples two may well be measured.",
  "labels-in-conflict": ({ contents }) =>
    `${countWords(contents, "content has", "contents have")} more than one label: no model can answer both right.`,
  "no-labels-in-conflict": () => "No content has two labels.",

  "no-groups": () => "No sample names a group (a patient, a video).",
  "keys-look-grouped": ({ prefixes, example }) =>
    `The keys begin in ${countWords(prefixes, "way")}, such as ${JSON.stringify(example)}: if that is one source, make it the group.`,
  "groups-in-one-split": ({ groups }) => `Each of ${countWords(groups, "group")} stands in one split.`,
  "groups-in-two-splits": ({ groups, spanning, testSamples }) =>
    `${countWords(spanning, "group")} of ${numberWords(groups)} ${spanning === 1 ? "stands" : "stand"} in more than one split, with ` +
    `${countWords(testSamples, "test sample")}: what is tested was partly trained on.`,

  "future-trained-on": ({ share }) => `${earlier(share)}, and the data is temporal: the model has seen the future.`,
  "tests-at-last-training": ({ samples }) =>
    `${countWords(samples, "test sample is", "test samples are")} at the very time of the last training sample: ` +
    "none is earlier, but which came first can't be told.",
  "validation-out-of-order": () =>
    "Validation doesn't lie between train and test, and the data is temporal: what is tuned on it has seen the future.",
  "temporal-without-times": () => "The data is temporal, but its samples have no times.",
  "temporal-nothing-to-compare": () =>
    "The data is temporal, but train and test haven't both samples with a time to compare.",
  "temporal-partly-timed": () => "The data is temporal, and what has a time is in order, but not all have one.",
  "tests-later": ({ allTimed }) =>
    `Every test sample${allTimed ? "" : " that has a time"} is later than the last training sample.`,
  "no-test-earlier": () => "No test sample is earlier than the last training sample.",
  "no-times": () => "Samples of train and test have no times to compare, and the data isn't said to be temporal.",
  "tests-earlier-in-order": ({ share }) =>
    `${earlier(share)}, yet time tells the splits apart: if the model is to foretell, split by time.`,
  "tests-earlier-by-chance": ({ share }) =>
    `${earlier(share)}. That is as in any random split, and right unless the model is to foretell.`,
  "samples-untimed": ({ untimed, samples }) =>
    `${numberWords(untimed)} of ${countWords(samples, "sample")} of train and test have no time.`,

  "order-is-time": () => "A temporal split should follow time, and keys often do as well: their order is no fault.",
  "order-of-many-labels": () => "There are too many different labels for them to follow the order of the keys.",
  "order-without-labels": () => "There are no labels that could follow the order of the keys.",
  "order-of-few": ({ units }) =>
    `${numberWords(units)} groups or samples with a label are too few to tell whether labels follow the order of the keys.`,
  "cut-from-order": () => "Labels follow the order of the keys, and so do the splits: they were cut from ordered data.",
  "order-unknown": () =>
    "Labels and splits follow the order of the keys; a split's labels are all sealed or missing, so whether it has others can't be told.",
  "no-order-of-labels": () => "Labels don't follow the order of the keys.",
  "order-in-like-shares": () =>
    "Labels and splits follow the order of the keys, but each split has them in like shares, so that does no harm.",
  "order-not-of-split": () => "Labels follow the order of the keys; the split doesn't, so that does no harm.",

  "labels-too-many": () => "There are more than 1,000 different labels: too many to be classes.",
  "nothing-to-balance": ({ what }) => `There are no two ${what} to compare.`,
  "shares-alike": ({ share, chance: most }) =>
    `${toMatch(share)}: no more than chance (up to ${percent(most)}), or too little to matter.`,
  "shares-differ": ({ share, p }) => `${toMatch(share)}: more than chance (p ${chance(p)}).`,
  "shares-undecided": ({ share, chance: most }) =>
    `${toMatch(share)}; with so few samples or groups a shift below ${percent(most)} can't be told from chance.`,
  "shares-move-with-time": ({ share, usual }) =>
    `The data is temporal, and its shares move over time: ${toMatch(share)}` +
    `${usual ? `; within train, stretches as long as ${usual.split} differ by up to ${percent(usual.share)}` : ""}.`,
  "labels-left-out": ({ samples, whole: splits }) =>
    `${countWords(samples, "sample")} whose label is sealed or missing ${samples === 1 ? "is" : "are"} left out` +
    `${splits.length > 0 ? `, the whole of ${listWords(splits)} among them` : ""}.`,

  "labels-are-numbers": () => "The labels are numbers, not classes.",
  "classes-everywhere": ({ classes, splits }) =>
    `Each of ${countWords(classes, "class", "classes")} stands in ${splits.length < 3 ? listWords(splits) : "each split"}.`,
  "classes-missing": ({ missing, first }) => {
    const named = first.map(({ label, split }) => `${JSON.stringify(label)} in ${split}`).join(", ");
    const more = missing > first.length ? `, and ${numberWords(missing - first.length)} more` : "";
    return `Missing: ${named}${more}. Nothing can be said there of a class that isn't.`;
  },
  "absence-is-usual": () => "Stretches of train as long lack it as well.",

  "no-test-split": () => "There is no test split: only validation numbers can come of it.",
  "accuracy-known-to": ({ tests, halfWidth, tooWide }) =>
    known(tests, `an accuracy of 90 % is known to ±${percent(halfWidth)}`, tooWide),
  "mean-error-known-to": ({ tests, halfWidth, tooWide }) =>
    known(tests, `a mean error is known to ±${percent(halfWidth)} of the errors' standard deviation`, tooWide),
  "shift-unseen": ({ what, share }) => `A shift of ${what} below ${percent(share)} would go unseen.`,
};

/** What is said of a finding, beside its samples. */
export const findings: SentencesOf<FindingFigures> = {
  "earlier-note": ({ text }) => text,
  "same-content": ({ samples }) => `${countWords(samples, "sample")} alike`,
  "same-group": ({ group, samples }) => `group ${group}, ${countWords(samples, "sample")}`,
  "different-labels": ({ labels }) => `labels ${labels.join(", ")}`,
  "tested-at": ({ time }) => time,
  alike: ({ similarity, mirrored }) => `alike to ${decimalWords(similarity, 3)}${mirrored ? ", mirrored" : ""}`,
};

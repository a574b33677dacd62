/**
 * What checks can say, by kind, with the figures of each. The sentences stand in `lib/words`, a file a language. A report
 * keeps kinds and figures for ever: a kind that checks no longer say stays here.
 */
import { z } from "zod";
import { splitSchema } from "../base/words.ts";
import { recallSchema, rowRecallSchema } from "./recall.ts";

const count = z.number();
/** 0–1. */
const share = z.number();
/** What a search goes through. */
const things = z.enum(["images", "texts", "rows"]);

const statementShapes = {
  /** A sentence of a report that was made before reports kept kinds. */
  "earlier-text": { text: z.string() },

  /** Of a check that compares splits. */
  "one-split": { split: splitSchema },

  // exact-duplicates
  "contents-in-two-splits": { contents: count, pairs: count, files: count, testSamples: count, tests: count },
  "no-content-in-two-splits": {},
  "repeated-in-one-split": { samples: count },

  // near-duplicates: what was found
  "pairs-told-apart": { pairs: count },
  "nothing-to-look-at": {},
  "pairs-alike": { pairs: count, testSamples: count, tests: count },
  /** `allCompared`: every sample could be compared. */
  "no-pair-alike": { allCompared: z.boolean() },
  "no-pair-for-sure": {},
  "rows-close-together": {},
  // near-duplicates: why the search may have missed some
  "search-not-separating": { what: things, nominated: count },
  "search-full": { what: things, pairs: count },
  "search-cut-short": { what: things },
  "search-weak": { what: things },
  "search-crowded": { what: things, comparisons: count },
  "row-search-crowded": {},
  "search-overfull": { what: things, pairs: count, nominated: count },
  "pairs-without-thumbnails": { pairs: count },
  "hashes-within": { bits: count },
  "images-looked-up": { share },
  // near-duplicates: how far it reaches
  "row-copies-found": {
    copies: z.array(rowRecallSchema),
    /** Digits to which a rounded copy is rounded. */
    digits: count,
    /** Deviation of a noisy copy's noise, as a share of its column's. */
    noise: share,
  },
  "image-copies-found": {
    reEncoded: recallSchema,
    /** The other kinds of copies that the search can't tell. */
    untold: z.array(recallSchema),
  },
  "samples-compared": {
    compared: count,
    samples: count,
    /** The split of which the smallest share could be compared. */
    least: z.object({ split: splitSchema, compared: count, samples: count }),
    /** Null: every text was searched. */
    texts: z.object({ searched: count, all: count }).nullable(),
  },

  // label-conflicts
  "labels-unknown": {},
  "labels-measured": {},
  "labels-in-conflict": { contents: count },
  "no-labels-in-conflict": {},

  // groups
  "no-groups": {},
  "keys-look-grouped": { prefixes: count, example: z.string() },
  "groups-in-one-split": { groups: count },
  "groups-in-two-splits": { groups: count, spanning: count, testSamples: count },

  // time-order, of temporal data
  "future-trained-on": { share },
  "tests-at-last-training": { samples: count },
  "validation-out-of-order": {},
  "temporal-without-times": {},
  "temporal-nothing-to-compare": {},
  "temporal-partly-timed": {},
  // time-order, of any data
  "tests-later": { allTimed: z.boolean() },
  "no-test-earlier": {},
  "no-times": {},
  "tests-earlier-in-order": { share },
  "tests-earlier-by-chance": { share },
  "samples-untimed": { untimed: count, samples: count },

  // ordered-data
  "order-is-time": {},
  "order-of-many-labels": {},
  "order-without-labels": {},
  "order-of-few": { units: count },
  "cut-from-order": {},
  "order-unknown": {},
  "no-order-of-labels": {},
  "order-in-like-shares": {},
  "order-not-of-split": {},

  // class-balance
  "labels-too-many": {},
  "nothing-to-balance": { what: z.enum(["splits", "classes"]) },
  "shares-alike": { share, chance: share },
  "shares-differ": { share, p: z.number() },
  "shares-undecided": { share, chance: share },
  /** `usual`: how far stretches of train that are as long as the split differ. Null: nobody can say. */
  "shares-move-with-time": { share, usual: z.object({ split: splitSchema, share }).nullable() },
  /** `whole`: splits of which no label is known. */
  "labels-left-out": { samples: count, whole: z.array(splitSchema) },

  // missing-classes
  "labels-are-numbers": {},
  /** `splits`: those that have labels. */
  "classes-everywhere": { classes: count, splits: z.array(splitSchema) },
  "classes-missing": {
    missing: count,
    /** The first of them. */
    first: z.array(z.object({ label: z.string(), split: splitSchema })),
  },
  "absence-is-usual": {},

  // power
  "no-test-split": {},
  /** `halfWidth`: of the 95 % interval of an accuracy of 90 %. */
  "accuracy-known-to": { tests: count, halfWidth: share, tooWide: z.boolean() },
  /** `halfWidth`: of a mean error's 95 % interval, in standard deviations of the errors. */
  "mean-error-known-to": { tests: count, halfWidth: share, tooWide: z.boolean() },
  "shift-unseen": { what: z.enum(["labels", "classes"]), share },
} as const satisfies Record<string, z.ZodRawShape>;

/** What is said of one finding of a check, beside its samples. */
const findingShapes = {
  /** A note of a report that was made before reports kept kinds. */
  "earlier-note": { text: z.string() },
  "same-content": { samples: count },
  "same-group": { group: z.string(), samples: count },
  "different-labels": { labels: z.array(z.string()) },
  "tested-at": { time: z.string() },
  /** Correlation of images, or Jaccard similarity of texts, 0–1. */
  alike: { similarity: z.number(), mirrored: z.boolean() },
} as const satisfies Record<string, z.ZodRawShape>;

type Shapes = Record<string, z.ZodRawShape>;
/** The figures of each kind. */
type Figures<Table extends Shapes> = { [Kind in keyof Table]: z.infer<z.ZodObject<Table[Kind]>> };
/** One of the kinds with its figures. */
type OneOf<Of> = { [Kind in keyof Of]: { kind: Kind; figures: Of[Kind] } }[keyof Of];

/** A table of shapes as one schema; `beside` are further fields of every kind. */
const oneOf = <One>(table: Shapes, beside: z.ZodRawShape = {}) => {
  const options = Object.entries(table).map(([kind, shape]) =>
    z.object({ kind: z.literal(kind), figures: z.object(shape), ...beside }),
  );
  // the table is not empty, and has the type's kinds: both are read off it
  return z.discriminatedUnion("kind", options as never) as unknown as z.ZodType<One>;
};

export type StatementFigures = Figures<typeof statementShapes>;
/** One thing that a check says. */
export type Statement = OneOf<StatementFigures>;

export const statementSchema = oneOf<Statement>(statementShapes).meta({ id: "Statement" });

const samplesOfFinding = { keys: z.array(z.string()), splits: z.array(splitSchema) };

export type FindingFigures = Figures<typeof findingShapes>;
/** One finding of a check: its samples, and what is found of them. */
export type Finding = OneOf<FindingFigures> & z.infer<z.ZodObject<typeof samplesOfFinding>>;
/** `note`: its kind and figures in words. */
export type WordedFinding = Finding & { note: string };

export const findingSchema = oneOf<WordedFinding>(findingShapes, { ...samplesOfFinding, note: z.string() }).meta({
  id: "Finding",
});

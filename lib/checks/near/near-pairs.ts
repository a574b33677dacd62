/** Near duplicates that the check found, family by family, and what people say of them. */
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections } from "../../../db/connection.ts";
import { pairJudgements } from "../../../db/schema/manifests.ts";
import type { Actor } from "../../access/actor.ts";
import { recordAct } from "../../access/audit.ts";
import { authorise } from "../../access/permissions.ts";
import { requireManifest } from "../../manifests/manifests.ts";
import { ProblemError, parse } from "../../problem.ts";
import { familiesOf } from "./pair-families.ts";

export type NearPair = {
  aKey: string;
  bKey: string;
  aSplit: string;
  bSplit: string;
  similarity: number;
  mirrored: boolean;
  hasThumbnails: boolean;
  /** The beginnings of the samples, where they are texts. */
  aText: string | null;
  bText: string | null;
  /** The cells of the samples, where they are rows of a table, as JSON of name and text. */
  aFeatures: string | null;
  bFeatures: string | null;
  /** What a person said: that they show the same, that they don't; null: nobody did. */
  same: boolean | null;
  judgedBy: string | null;
};
/** Pairs that hang together by the samples they share. */
export type NearFamily = {
  /** Those of this page. */
  pairs: NearPair[];
  /** Of the whole family. */
  pairCount: number;
  sampleCount: number;
  openCount: number;
};
export const nearPairsShown = ["all", "open", "confirmed", "apart"] as const;
export type NearPairsShown = (typeof nearPairsShown)[number];
export type NearPage = { families: NearFamily[]; from: number /** Of the pairs that are asked for. */; total: number };

const TEXT_SHOWN = 600;
export const PAIRS_A_PAGE = 48;

type Known = Pick<NearPair, "aKey" | "bKey" | "same">;

/** All pairs of a manifest, at most 20,000: those first of which nobody said anything, of each the most alike first. */
const readPairs = (number: number, datasetNumber: number) => connections().sql<Known[]>`
  select p.a_key as "aKey", p.b_key as "bKey", j.same from near_pairs p
  left join (${newestJudgements(datasetNumber)}) j on j.a_key = p.a_key and j.b_key = p.b_key
  where p.manifest_number = ${number}
  order by j.same is not null, p.similarity desc, p.a_key, p.b_key`;

const isShown: Record<NearPairsShown, (pair: Known) => boolean> = {
  all: () => true,
  open: ({ same }) => same === null,
  confirmed: ({ same }) => same === true,
  apart: ({ same }) => same === false,
};

/**
 * A page of the pairs that near duplicates make, with people's judgements, those of the dataset's other manifests among
 * them. Families are whole whatever is shown, and those with open pairs come first; a long one goes on over pages.
 */
export async function listNearFamilies(
  actor: Actor,
  projectNamed: string,
  manifestId: string,
  { show = "all", from = 0 }: { show?: NearPairsShown; from?: number } = {},
): Promise<NearPage> {
  const { number, datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  const families = familiesOf(await readPairs(number, datasetNumber));
  const listed = families.flatMap((family) => family.filter(isShown[show]).map((pair) => ({ pair, family })));
  const start = from < listed.length ? Math.max(0, Math.floor(from)) : 0;
  const page = listed.slice(start, start + PAIRS_A_PAGE);
  const details = await readDetails(
    number,
    datasetNumber,
    page.map(({ pair }) => pair),
  );
  const found = new Map<Known[], NearFamily>();
  for (const [at, { family }] of page.entries()) {
    const sampleCount = new Set(family.flatMap(({ aKey, bKey }) => [aKey, bKey])).size;
    const openCount = family.filter(isShown.open).length;
    const one = found.get(family) ?? { pairs: [], pairCount: family.length, sampleCount, openCount };
    one.pairs.push(details[at]!);
    found.set(family, one);
  }
  return { families: [...found.values()], from: start, total: listed.length };
}

/** What is shown of pairs, in their order. */
const readDetails = (number: number, datasetNumber: number, pairs: Known[]) => connections().sql<NearPair[]>`
  select p.a_key as "aKey", p.b_key as "bKey", a.split as "aSplit", b.split as "bSplit", p.similarity, p.mirrored,
    da.thumbnail is not null as "hasThumbnails", left(da."text", ${TEXT_SHOWN}) as "aText",
    left(db."text", ${TEXT_SHOWN}) as "bText", da.features as "aFeatures", db.features as "bFeatures",
    j.same, j.judged_by as "judgedBy"
  from unnest(${pairs.map(({ aKey }) => aKey)}::text[], ${pairs.map(({ bKey }) => bKey)}::text[])
    with ordinality asked(a, b, place)
  join near_pairs p on p.manifest_number = ${number} and p.a_key = asked.a and p.b_key = asked.b
  join manifest_samples a on a.manifest_number = ${number} and a.key = asked.a
  join manifest_samples b on b.manifest_number = ${number} and b.key = asked.b
  join dataset_samples da on da.dataset_number = ${datasetNumber} and da.key = asked.a
  join dataset_samples db on db.dataset_number = ${datasetNumber} and db.key = asked.b
  left join (${newestJudgements(datasetNumber)}) j on j.a_key = asked.a and j.b_key = asked.b
  order by asked.place`;

export type NearPairCounts = { total: number; confirmed: number; toldApart: number };

/** How many pairs the check found, and what people said of them; of the others nobody did. */
export async function countNearPairs(actor: Actor, projectNamed: string, manifestId: string): Promise<NearPairCounts> {
  const { number, datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  const [row] = await connections().sql<NearPairCounts[]>`
    select count(*)::int as total, count(*) filter (where j.same)::int as confirmed,
      count(*) filter (where not j.same)::int as "toldApart"
    from near_pairs p left join (${newestJudgements(datasetNumber)}) j on j.a_key = p.a_key and j.b_key = p.b_key
    where p.manifest_number = ${number}`;
  return row!;
}

/** What was said last of each pair of a dataset's samples, whichever of its manifests it was said of. */
const newestJudgements = (datasetNumber: number) => connections().sql`
  select distinct on (j.a_key, j.b_key) j.a_key, j.b_key, j.same, j.judged_by
  from pair_judgements j
  where j.manifest_id in (
    select r.manifest_id from manifest_registrations r join datasets d on d.id = r.dataset_id where d.number = ${datasetNumber})
  order by j.a_key, j.b_key, j.id desc`;

const judgementSchema = z.object({
  pairs: z
    .array(z.tuple([z.string(), z.string()]))
    .min(1)
    .max(20_000),
  /** Also what is open in the families of these pairs, shown or not. */
  families: z.boolean().default(false),
  same: z.boolean(),
});

/** Keeps what a member says of pairs that the check found: that they show the same, or don't. The newest word holds. */
export async function judgePairs(actor: Actor, projectId: string, manifestId: string, input: unknown): Promise<number> {
  authorise(actor, "manifests.register", projectId);
  const { pairs, families, same } = parse(judgementSchema, input);
  const { number, datasetNumber } = await requireManifest(actor, projectId, manifestId);
  const known = await readPairs(number, datasetNumber);
  const named = new Set(pairs.map((pair) => JSON.stringify(pair)));
  const isNamed = ({ aKey, bKey }: Known) => named.has(JSON.stringify([aKey, bKey]));
  const found = families
    ? familiesOf(known).flatMap((family) => (family.some(isNamed) ? family.filter(isShown.open) : []))
    : known.filter(isNamed);
  if (found.length === 0) throw new ProblemError("not-found", "the check found no such pair in this manifest");
  await connections().db.transaction(async (tx) => {
    for (let from = 0; from < found.length; from += JUDGED_AT_ONCE)
      await tx.insert(pairJudgements).values(
        found.slice(from, from + JUDGED_AT_ONCE).map(({ aKey, bKey }) => {
          return { id: uuidv7(), manifestId, aKey, bKey, same, judgedBy: actor.name };
        }),
      );
    await recordAct(tx, actor, {
      action: "manifest.judge-pairs",
      subject: `manifest:${manifestId}`,
      projectId,
      detail: { pairs: found.length, same },
    });
  });
  return found.length;
}

/** A statement takes 65,535 parameters. */
const JUDGED_AT_ONCE = 5_000;

/** Pairs of a dataset's samples whose newest judgement is that they show the same. */
export async function listConfirmed(datasetNumber: number): Promise<[string, string][]> {
  const rows = await connections().sql<{ a: string; b: string }[]>`
    select a_key as a, b_key as b from (${newestJudgements(datasetNumber)}) newest where same`;
  return rows.map(({ a, b }) => [a, b]);
}

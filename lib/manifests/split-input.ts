/** Reads a dataset's samples into the columns that a split is made of, a page at a time: 10⁷ samples take 240 MB. */
import { connections } from "../../db/connection.ts";
import { eachPage, type KeyPage, listPages } from "../datasets/key-pages.ts";
import { invalid, ProblemError } from "../problem.ts";
import { type SplitInput, TEST, UNDECIDED } from "../splitting/split.ts";
import { SampleNames, Units } from "../splitting/units.ts";
import { type Split, splits } from "../wire/base/words.ts";
import type { ManifestMethod, SplitOptions } from "../wire/data/manifests.ts";

export type SplitSource = {
  datasetNumber: number;
  seed: number;
  method: ManifestMethod;
  options: SplitOptions;
  /** Pairs of keys that a person found to show the same: they go together. */
  joined: [string, string][];
};

type InputRows = {
  place: Buffer;
  /** One a line, which a label can't hold; nothing for a sealed one. */
  labels: string;
  time: Buffer;
  given: Buffer;
  grouped: Buffer;
};

/** Every sample's unit, place, stratum, time and what is decided of it, in the order of the keys' bytes. */
export async function readSplitInput(source: SplitSource): Promise<SplitInput> {
  const { sql } = connections();
  const [[census = missing()], pages] = await Promise.all([
    sql<Census[]>`
      select count(*)::int as samples, count("group")::int as grouped, (count(*) - count("time"))::int as timeless,
        (count(*) filter (where not sealed) - count(label) filter (where not sealed))::int as unlabelled
      from dataset_samples where dataset_number = ${source.datasetNumber}`,
    listPages(sql`dataset_samples where dataset_number = ${source.datasetNumber}`),
  ]);
  refuse(source.method, census);
  const samples = pages.reduce((sum, page) => sum + page.samples, 0);
  const units = new Units(samples);
  const isStratified = source.method.startsWith("stratified");
  const names = new SampleNames(samples);
  const [strata] = await Promise.all([
    isStratified ? listStrata(source) : null,
    eachPage(pages, contentsOf(source), ([rows], page) => {
      names.add(rows!.contents);
      for (let row = 0, at = page.start; row < page.samples; row++, at++) units.join(names.first(at), at);
    }),
  ]);
  const isTimed = source.method === "time";
  const input = {
    stratum: new Int32Array(samples),
    time: new Float64Array(isTimed ? samples : 0),
    fixed: new Uint8Array(samples),
  };
  names.clear();
  await eachPage(pages, inputOf(source), ([first], page) => {
    const rows = first!;
    const labels = strata ? rows.labels.split("\n") : [];
    names.add(rows.place);
    for (let row = 0, at = page.start; row < page.samples; row++, at++) {
      input.stratum[at] = strata?.get(labels[row]!) ?? 0;
      if (isTimed) input.time[at] = Number(rows.time.readBigInt64BE(row * 8));
      input.fixed[at] = fixedOf(rows.given[row]!, source);
      // a place is made of the group where there is one, and so names it as well
      if (rows.grouped[row] === 1) units.join(names.first(at), at);
    }
  });
  for (const [a, b] of await placesOf(source)) units.join(a, b);
  return { ...input, ...units.finish(names) };
}

/** Asks for the names of a page's contents: samples of one content go together. */
const contentsOf =
  ({ datasetNumber }: SplitSource) =>
  (page: KeyPage) =>
    connections().sql<{ contents: Buffer }[]>`
      select string_agg(substring(content_hash, 1, 8), ''::bytea) as contents from (
        select content_hash from dataset_samples
        where dataset_number = ${datasetNumber} and key > ${page.after} and key <= ${page.last}
        order by key limit ${page.samples}) page`;

type Census = { samples: number; grouped: number; timeless: number; unlabelled: number };
const missing = (): Census => ({ samples: 0, grouped: 0, timeless: 0, unlabelled: 0 });

function refuse(method: ManifestMethod, { samples, grouped, timeless, unlabelled }: Census): void {
  if (samples === 0) throw invalid("dataset", "has no samples; POST them to /api/v1/datasets/{dataset}/samples first");
  if (method.includes("group") && grouped === 0)
    throw invalid("method", `${method} needs samples with a group; none of the ${samples} has one`);
  if (method === "time" && timeless > 0)
    throw invalid("method", `time needs a time for every sample; ${timeless} of ${samples} have none`);
  if (method.startsWith("stratified") && unlabelled > 0)
    throw invalid("method", `${method} needs a label for every sample; ${unlabelled} of ${samples} have none`);
}

/** The byte of a page says the given split (0–2, 3 none) and, from 4 on, that the sample is sealed. */
function fixedOf(given: number, { method, options }: SplitSource): number {
  if (given >= 4) return TEST;
  if (given === 3) return UNDECIDED;
  return method === "given" || options.keep.includes(splits[given] as Split) ? given : UNDECIDED;
}

/** The number of each label's stratum. */
type Strata = Map<string, number>;

/** The classes by name, or quantile bins of labels that are numbers: equal labels stay in one bin. */
async function listStrata({ datasetNumber, options }: SplitSource): Promise<Strata> {
  const { sql } = connections();
  const rows = await sql<{ label: string; samples: number }[]>`
    select label, count(*)::int as samples from dataset_samples
    where dataset_number = ${datasetNumber} and not sealed and label is not null
    group by label order by label collate "C"`;
  const labels = rows.map(({ label }) => label);
  if (options.quantileBins === null) return new Map(labels.map((label, index) => [label, index]));
  const bad = labels.find((label) => label.trim() === "" || !Number.isFinite(Number(label)));
  if (bad !== undefined)
    throw new ProblemError("invalid", `options.quantileBins: the label ${JSON.stringify(bad)} is no number`, [
      { field: "options.quantileBins", detail: "needs labels that are numbers; leave it out for classes" },
    ]);
  const sorted = rows.toSorted((a, b) => Number(a.label) - Number(b.label));
  const total = sorted.reduce((sum, row) => sum + row.samples, 0);
  let before = 0;
  return new Map(
    sorted.map(({ label, samples }) => {
      const bin = Math.min(options.quantileBins! - 1, Math.floor((before / total) * options.quantileBins!));
      before += samples;
      return [label, bin];
    }),
  );
}

/** Asks for a page's columns, each packed: what would be millions of values in JSON is a few buffers. */
const inputOf =
  ({ datasetNumber, seed }: SplitSource) =>
  (page: KeyPage) =>
    connections().sql<InputRows[]>`
      select
        string_agg(substring(sha256(convert_to(${`${seed}\u001f`} || coalesce("group", encode(content_hash, 'hex')), 'UTF8')), 1, 8), ''::bytea) as place,
        string_agg(case when sealed then '' else coalesce(label, '') end, E'\n') as labels,
        string_agg(int8send(coalesce((extract(epoch from "time") * 1000)::int8, -9223372036854775808)), ''::bytea) as "time",
        string_agg(set_byte('\\x00'::bytea, 0, case given_split when 'train' then 0 when 'validation' then 1
          when 'test' then 2 else 3 end + case when sealed then 4 else 0 end), ''::bytea) as given,
        string_agg(case when "group" is null then '\\x00'::bytea else '\\x01'::bytea end, ''::bytea) as grouped
      from (
        select key, label, "group", "time", content_hash, given_split, sealed from dataset_samples
        where dataset_number = ${datasetNumber} and key > ${page.after} and key <= ${page.last}
        order by key limit ${page.samples}) page`;

/** The joined pairs as positions in the order of the keys. */
async function placesOf({ datasetNumber, joined }: SplitSource): Promise<[number, number][]> {
  if (joined.length === 0) return [];
  const { sql } = connections();
  const rows = await sql<{ key: string; place: number }[]>`
    select key, place from (
      select key, (row_number() over (order by key) - 1)::int as place from dataset_samples
      where dataset_number = ${datasetNumber}) numbered
    where key = any(${[...new Set(joined.flat())]}::text[])`;
  const places = new Map(rows.map(({ key, place }) => [key, place]));
  return joined.flatMap(([a, b]): [number, number][] => {
    const [first, second] = [places.get(a), places.get(b)];
    return first === undefined || second === undefined ? [] : [[first, second]];
  });
}

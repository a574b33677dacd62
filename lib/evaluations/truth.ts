/** What is true of a split's samples, sealed or not, in the order of their keys' bytes. It never leaves the server. */
import { connections } from "../../db/connection.ts";
import { BoundedMap } from "../bounded-map.ts";
import { askJoined, eachPage, type KeyPage, listPages } from "../datasets/key-pages.ts";
import type { EvaluatedSplit, EvaluationTask } from "../wire/evaluations/evaluations.ts";
import type { EvaluationRecord } from "./evaluations.ts";
import { requireMaskTruth } from "./masks.ts";
import { named, refusal } from "./prediction-rows.ts";
import { NAMED_KEYS } from "./split-keys.ts";

export type SplitPlace = { manifestNumber: number; datasetNumber: number; split: EvaluatedSplit };

const PLACES_MAX = 1_000;
const places = new BoundedMap<string, SplitPlace>(PLACES_MAX);

/** By which numbers the samples of an evaluation's split are known. A registration never changes, so it is kept. */
export async function placeOfSplit({ projectId, manifestId, split }: EvaluationRecord): Promise<SplitPlace> {
  const name = `${projectId} ${manifestId} ${split}`;
  const known = places.get(name);
  if (known) return known;
  const [row] = await connections().sql<Omit<SplitPlace, "split">[]>`
    select m.number as "manifestNumber", d.number as "datasetNumber" from manifest_registrations r
    join manifests m on m.id = r.manifest_id join datasets d on d.id = r.dataset_id
    where r.project_id = ${projectId} and r.manifest_id = ${manifestId}`;
  const place = { ...row!, split };
  places.set(name, place);
  return place;
}

/** Decimal, with or without an exponent: what `Number` reads, without hexadecimal and without spaces. */
const NUMBER = "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$";
const LABEL_NAMES_MAX = 10;

/**
 * The samples of a split with their labels; `m` is the manifest's row, `label` what is true of it. Of a page the data set's
 * rows are named as well: PostgreSQL would read all of them for each.
 */
const labelled = ({ manifestNumber, datasetNumber, split }: SplitPlace, page?: Pick<KeyPage, "after" | "last">) =>
  connections().sql`
  manifest_samples m
  left join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    ${page ? connections().sql`and d.key > ${page.after} and d.key <= ${page.last}` : connections().sql``}
  cross join lateral (select coalesce(m.label, d.label) as label) l
  where m.manifest_number = ${manifestNumber} and m.split = ${split}`;

/**
 * Throws `invalid` unless every sample of the split has a label that the task can take: one of `classes`, or a number.
 * A refusal names labels of classification, of which counts are no secret, and keys alone of regression.
 */
export async function requireTruth(place: SplitPlace, task: EvaluationTask, classes: string[] | null): Promise<void> {
  const { sql } = connections();
  if (task === "segmentation") return requireMaskTruth(place, classes!);
  if (task === "classification") {
    const rows = await sql<{ label: string | null; samples: number }[]>`
      select l.label, count(*)::int as samples from ${labelled(place)}
        and (l.label is null or l.label <> all(${classes!}::text[]))
      group by 1 order by 2 desc, 1 limit ${LABEL_NAMES_MAX + 1}`;
    if (rows.length === 0) return;
    const names = rows.map(
      ({ label, samples }) => `${label === null ? "no label" : JSON.stringify(label)} (${samples})`,
    );
    const shown = names.slice(0, LABEL_NAMES_MAX).join(", ");
    throw refusal(
      "classes",
      `the ${place.split} split has labels that stand in no class: ${shown}${names.length > LABEL_NAMES_MAX ? " and more" : ""}`,
    );
  }
  const rows = await sql<{ key: string; all: number }[]>`
    select m.key, count(*) over ()::int as all from ${labelled(place)} and (l.label is null or l.label !~ ${NUMBER})
    order by m.key limit ${NAMED_KEYS}`;
  if (rows.length > 0)
    throw refusal(
      "task",
      `regression needs a number as label; ${rows[0]!.all} of the ${place.split} samples have none: ${named(
        rows.map(({ key }) => key),
        undefined,
        rows[0]!.all,
      )}`,
    );
}

/** Which group each sample is of, from 0. Samples without one are units behind those that `names` calls. */
export type Groups = { units: Int32Array; names: string[] };

type TruthPage = { labels: string[]; groups: (string | null)[] | null };

/** Hands each label to `take`. Returns which group each sample is of, from 0; null where no sample has one. */
export async function readTruth(
  place: SplitPlace,
  samples: number,
  take: (label: string, at: number) => void,
): Promise<Groups | null> {
  const { manifestNumber, split } = place;
  const { sql } = connections();
  const pages = await listPages(sql`manifest_samples where manifest_number = ${manifestNumber} and split = ${split}`);
  const grouping = groupingOf(samples);
  await eachPage(
    pages,
    ({ after, last }) =>
      askJoined(
        (tx) => tx<TruthPage[]>`
        select array_agg(l.label order by m.key) as labels,
          case when count(m."group") > 0 then array_agg(m."group" order by m.key) end as groups
        from ${labelled(place, { after, last })} and m.key > ${after} and m.key <= ${last}`,
      ),
    ([page], { start }) => {
      for (const [row, label] of page!.labels.entries()) take(label, start + row);
      for (let row = 0; row < page!.labels.length; row++) grouping.add(page!.groups?.[row] ?? null, start + row);
    },
  );
  return grouping.end();
}

/** Numbers groups as they come. A sample without one is a unit of its own. */
export function groupingOf(samples: number) {
  const units = new Int32Array(samples);
  const numbers = new Map<string, number>();
  const alone: number[] = [];
  return {
    add(group: string | null, at: number): void {
      if (group === null) return void alone.push(at);
      if (!numbers.has(group)) numbers.set(group, numbers.size);
      units[at] = numbers.get(group)!;
    },
    end(): Groups | null {
      if (numbers.size === 0) return null;
      for (const [index, at] of alone.entries()) units[at] = numbers.size + index;
      return { units, names: [...numbers.keys()] };
    },
  };
}

/** What a manifest's checks looked at beyond its content: it may differ where another dataset has the same content. */
import { sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import type { datasets } from "../../db/schema/datasets.ts";
import { ProblemError } from "../problem.ts";

type DatasetRow = typeof datasets.$inferSelect;
type Unchecked = { times: number; files: number; aTime: string | null; aFile: string | null };

type First = { number: number; dataset: number; named: string; temporal: boolean };

/**
 * Times, files and the temporal flag are no part of a manifest's content, and its checks saw those of the dataset that
 * made it first. Throws `conflict` where this dataset has others; another project's isn't named.
 */
export async function refuseUnchecked(tx: Executor, id: string, dataset: DatasetRow, projectId: string): Promise<void> {
  const [first] = await tx.execute<First>(sql`
    select m.number, d.number as dataset, d.temporal,
      case when p.dataset_id is null then 'another project''s dataset' else d.name || ' ' || d.version end as named
    from manifests m join datasets d on d.id = m.dataset_id
    left join project_datasets p on p.dataset_id = d.id and p.project_id = ${projectId}
    where m.id = ${id}`);
  if (!first || first.dataset === dataset.number) return;
  const [unchecked] = await tx.execute<Unchecked>(sql`
    select count(*) filter (where is_time)::int as times, count(*) filter (where is_file)::int as files,
      min(key) filter (where is_time) as "aTime", min(key) filter (where is_file) as "aFile"
    from (
      select key, m."time" is distinct from d."time" as is_time, m.byte_hash is distinct from d.byte_hash as is_file
      from manifest_samples m join dataset_samples d using (key)
      where m.manifest_number = ${first.number} and d.dataset_number = ${dataset.number}) compared`);
  const differing = [
    ...(first.temporal !== dataset.temporal
      ? [`temporal, which is ${dataset.temporal} and there ${first.temporal}`]
      : []),
    ...(unchecked!.times > 0 ? [`the time of ${someSamples(unchecked!.times, unchecked!.aTime)}`] : []),
    ...(unchecked!.files > 0 ? [`the file of ${someSamples(unchecked!.files, unchecked!.aFile)}`] : []),
  ];
  if (differing.length === 0) return;
  const detail =
    `${dataset.name} ${dataset.version} would make the manifest ${id.slice(0, 12)}, which ${first.named} ` +
    `made and was checked for; it differs here in ${differing.join(", ")}. Take that dataset, or another seed or shares; ` +
    "of a given split, one sample moved, added or left out makes another manifest";
  throw new ProblemError("conflict", detail, [{ field: "dataset", detail }]);
}

const someSamples = (count: number, key: string | null): string =>
  `${count} sample${count === 1 ? "" : "s"} (such as ${JSON.stringify(key)})`;

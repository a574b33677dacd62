import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import type { Comparison } from "@/lib/evaluations/live/comparison.ts";
import type { ListedEvaluation } from "@/lib/evaluations/live/listed.ts";
import { DIFFERING_SHOWN } from "@/lib/evaluations/live/pairing.ts";
import type { PairedRow } from "@/lib/wire/evaluations/paired.ts";
import { countWords, significantWords, valueWords } from "@/lib/words/numbers.ts";

type DifferingSamplesProps = { slug: string; comparison: Comparison; chosen: ListedEvaluation[] };

/** The samples on which each differs from the baseline, with both answers. */
export function DifferingSamples({ slug, comparison, chosen }: DifferingSamplesProps) {
  if (comparison.sealed) return null;
  return comparison.data.comparisons.map(({ model, gained, lost }) => (
    <section
      key={model}
      aria-label={`Samples on which ${chosen[model]?.runName} differs`}
      className="grid gap-4 border-b border-line px-4 py-6 md:px-6"
    >
      <h2 className="text-base font-medium">Where {chosen[model]?.runName} differs</h2>
      <Side title="Does better" side={gained} slug={slug} comparison={comparison} />
      <Side title="Does worse" side={lost} slug={slug} comparison={comparison} />
    </section>
  ));
}

type SideProps = { title: string; side: PairedRow["gained"]; slug: string; comparison: Comparison };

function Side({
  title,
  side: { total, rows },
  slug,
  comparison: { data, keys, pictured, manifest, classes },
}: SideProps) {
  const told = (answer: number | null) =>
    answer === null
      ? null
      : data.task === "classification"
        ? (classes?.[answer] ?? String(answer))
        : valueWords(answer);
  return (
    <div className="grid gap-2">
      <h3 className="text-sm font-medium">
        {title} <span className="font-normal text-muted">on {countWords(total, "sample")}</span>
      </h3>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-2">
        {rows.slice(0, DIFFERING_SHOWN).map(({ sample, truth, baseline, model, figure }) => {
          const key = keys.get(sample)!;
          return (
            <li key={key} className="grid min-w-0 content-start gap-0.5 rounded-md border border-line p-2 text-xs">
              {pictured.has(key) && <Thumbnail place={{ slug, manifest }} sampleKey={key} size={80} />}
              <span title={key} className="truncate font-mono text-muted">
                {key}
              </span>
              {truth !== null && <span className="truncate">truth: {told(truth)}</span>}
              {model !== null && <span className="truncate font-medium">answer: {told(model)}</span>}
              {baseline !== null && <span className="truncate">baseline: {told(baseline)}</span>}
              {data.task !== "classification" && <span className="text-muted">by {significantWords(figure, 3)}</span>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

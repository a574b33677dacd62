import { Figure } from "@/app/_ui/figures/figure.tsx";
import { Plot } from "@/app/_ui/figures/plot.tsx";
import { spanOf } from "@/app/_ui/figures/scale.ts";
import { readChampion } from "@/lib/champions/history.ts";
import { leadOf } from "@/lib/evaluations/live/report-page.ts";
import { outperforms, readSeeds } from "@/lib/evaluations/live/seeds.ts";
import { outperformedWords, seedsWords } from "@/lib/words/report/value-words.ts";
import { metricTitle, scaledWords } from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** A dot for each seed of the recipe, and the interval of their mean. */
async function SeedVariance({ page }: PanelProps) {
  const lead = leadOf(page);
  const seeds = lead && (await readSeeds(page.evaluation, page.beside));
  if (!seeds) return null;
  const { runs, low, high, mean } = seeds;
  const champion = await readChampion({ projectId: page.run.projectId, manifestId: page.evaluation.manifest });
  const isOther = champion !== null && !runs.some(({ run }) => run === champion.claim.runId);
  const theirs = isOther ? await readSeeds({ ...page.evaluation, run: champion.claim.runId }, page.beside) : null;
  const share = outperforms(seeds, theirs, lead.metric);
  const nameOf = ({ name, seed }: (typeof runs)[number]) => (seed === null ? name : `seed ${seed}`);
  return (
    <div className="grid gap-4 md:grid-cols-[minmax(0,380px)_minmax(0,1fr)] print:grid-cols-[minmax(0,300px)_minmax(0,1fr)]">
      <Figure
        id="figure-seeds"
        title={`${metricTitle(lead.metric)} by seed`}
        summary={`${runs.map((one) => `${nameOf(one)} ${scaledWords(one.value, lead.metric)}`).join(", ")}.`}
        table={{
          columns: ["run", "seed", "value"],
          rows: runs.map(({ name, seed, value }) => [name, seed ?? "", value]),
        }}
      >
        <Plot
          height={150}
          x={{ from: 0, to: runs.length + 1, label: "seeds, the oldest first", ticks: [] }}
          y={{ ...spanOf([low, high, ...runs.map(({ value }) => value)], 4), label: metricTitle(lead.metric) }}
          marks={[
            {
              kind: "band",
              low: [
                [0, low],
                [runs.length + 1, low],
              ],
              high: [
                [0, high],
                [runs.length + 1, high],
              ],
            },
            {
              kind: "line",
              points: [
                [0, mean],
                [runs.length + 1, mean],
              ],
              dashed: true,
            },
            {
              kind: "dots",
              radius: 4,
              points: runs.map(({ value }, at) => [at + 1, value]),
              titles: runs.map((one) => `${nameOf(one)}: ${scaledWords(one.value, lead.metric)}`),
            },
          ]}
        />
      </Figure>
      <p className="text-sm">
        {seedsWords(seeds, lead.metric)}
        {share !== null && ` ${outperformedWords(share, seeds, theirs!)}`}
      </p>
    </div>
  );
}

export const seedsPanel: ReportPanel = { name: "seeds", content: SeedVariance };

import { Figure } from "@/app/_ui/figures/figure.tsx";
import { Plot } from "@/app/_ui/figures/plot.tsx";
import { spanOf, UNIT } from "@/app/_ui/figures/scale.ts";
import type { Masks } from "@/lib/wire/evaluations/masks.ts";
import type { Estimate } from "@/lib/wire/evaluations/measured.ts";
import { countWords, decimalWords, numberWords } from "@/lib/words/numbers.ts";
import { intervalWords, measuredWords } from "@/lib/words/report-words.ts";

/** Images by their IoU, and overlap and boundaries of each class. */
export function MasksPanel({ masks: { histogram, without, classes } }: { masks: Masks }) {
  const ends = (at: number) => ({ from: at / histogram.length, to: (at + 1) / histogram.length });
  return (
    <div className="grid gap-6">
      <Figure
        id="figure-iou"
        title="Images by mean IoU"
        summary={histogram.map((count, at) => `${decimalWords(ends(at).from, 2)}: ${count}`).join(", ")}
        table={{
          columns: ["from", "to", "images"],
          rows: histogram.map((count, at) => [ends(at).from, ends(at).to, count]),
        }}
        legend={without > 0 && <span>{countWords(without, "image")} without a pixel that counts</span>}
      >
        <Plot
          height={200}
          x={{ ...UNIT, label: "mean IoU of the image" }}
          y={{ ...spanOf([0, ...histogram]), label: "images" }}
          marks={[
            {
              kind: "bars",
              bars: histogram.map((height, at) => ({ ...ends(at), height, title: countWords(height, "image") })),
            },
          ]}
        />
      </Figure>
      <div className="overflow-x-auto">
        <table className="table flush dense">
          <thead>
            <tr>
              <th>Class</th>
              <th className="number">Images</th>
              <th className="number">Pixels</th>
              <th className="number">IoU</th>
              <th className="number">Dice</th>
              <th className="number">Boundary F1</th>
              <th className="number">Boundary IoU</th>
            </tr>
          </thead>
          <tbody>
            {classes.map(({ name, iou, dice, boundaryF1, boundaryIou, images, pixels }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="number">{numberWords(images)}</td>
                <td className="number">{numberWords(pixels)}</td>
                {[iou, dice, boundaryF1, boundaryIou].map((estimate, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change their order
                  <Overlap key={at} estimate={estimate} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Overlap({ estimate: { value, interval } }: { estimate: Estimate }) {
  return (
    <td className={typeof value === "number" ? "number" : "number text-muted"}>
      {measuredWords(value, "mean-iou")}{" "}
      {typeof value === "number" && (
        <span className="text-xs text-muted max-lg:hidden">{intervalWords(interval, "mean-iou")}</span>
      )}
    </td>
  );
}

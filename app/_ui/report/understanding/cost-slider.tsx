"use client";
/** How the best threshold moves with what a missed sample costs. */
import { useState } from "react";
import type { OperatingCurve } from "@/lib/wire/evaluations/operating-point.ts";
import { significantWords } from "@/lib/words/numbers.ts";
import { costWords } from "@/lib/words/report/panel-words.ts";

type CostSliderProps = { curve: OperatingCurve; positive: string; chosenThreshold: number | null };

/** A missed positive costs 10 to the power of the slider's place times a false alarm. */
const ENDS = { from: -2, to: 2, step: 0.1 };

export function CostSlider({ curve, positive, chosenThreshold }: CostSliderProps) {
  const [power, setPower] = useState(0);
  const weight = 10 ** power;
  const costs = curve.truePositives.map((tp, at) => weight * (curve.positives - tp) + curve.falsePositives[at]!);
  const all = weight * curve.positives;
  const at = costs.reduce((best, cost, index) => (cost < (best < 0 ? all : costs[best]!) ? index : best), -1);
  return (
    <div className="grid max-w-160 gap-1 text-sm print:hidden">
      <label className="grid gap-1">
        <span>
          A missed “{positive}” costs {significantWords(weight, 2)} times a false alarm
        </span>
        <input
          type="range"
          min={ENDS.from}
          max={ENDS.to}
          step={ENDS.step}
          value={power}
          onChange={({ target }) => setPower(Number(target.value))}
          className="w-full accent-(--accent)"
        />
      </label>
      <output className="min-h-10 text-muted">
        {costWords({
          threshold: at < 0 ? null : curve.thresholds[at]!,
          misses: curve.positives - (at < 0 ? 0 : curve.truePositives[at]!),
          alarms: at < 0 ? 0 : curve.falsePositives[at]!,
          chosen: chosenThreshold,
        })}
      </output>
    </div>
  );
}

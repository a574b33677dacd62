import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { makePanels } from "./panels/panels.ts";
import { reportCsv } from "./report-csv.ts";
import { plantedMasks, plantedNumbers, plantedScores } from "./test-evaluated.ts";

const inputs = { seed: 5, split: "validation", validation: null, topK: 2 } as const;
const rowsOf = (evaluated: Parameters<typeof makePanels>[0]) => {
  const panels = makePanels(evaluated, inputs);
  const rows = parse(reportCsv(panels), { bom: true, columns: true }) as Record<string, string>[];
  return { panels: panels.panels, rows, sections: [...new Set(rows.map(({ section }) => section))] };
};

test("every number of a report with a name has a row, panel by panel, as the page shows it", () => {
  const { panels, rows, sections } = rowsOf(plantedScores(400, { classes: 2, signal: 2, seed: 1 }));
  expect(sections).toEqual([
    "headline",
    "baseline",
    "class",
    "confusion",
    "curve",
    "threshold",
    "operating point",
    "calibration",
    "reliability",
    "temperature",
    "slice",
    "soundness",
  ]);
  const { ece } = panels.calibration!;
  expect(rows.find(({ section, metric }) => section === "calibration" && metric === "ece")).toMatchObject({
    value: String(ece.value),
    samples: "400",
  });
  const threshold = rows.filter(({ section }) => section === "threshold");
  expect(threshold).toHaveLength(2 * panels.operatingPoint!.curves[0]!.thresholds.length);
});

test("numbers and masks have their own panels as rows", () => {
  const { panels, rows } = rowsOf(plantedNumbers(300, { noise: 1, seed: 2 }));
  expect(rows.filter(({ section, metric }) => section === "residual" && metric === "mae")).toHaveLength(
    panels.residuals!.ranges.length,
  );
  const masks = rowsOf(plantedMasks(20, { right: 0.8, seed: 3 }));
  const images = masks.rows.filter(({ section }) => section === "images by mean IoU");
  expect(images.reduce((sum, { value }) => sum + Number(value), 0) + masks.panels.masks!.without).toBe(20);
});

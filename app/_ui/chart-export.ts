"use client";
/** A chart as a file: a picture, or its points. */
import { toCsv } from "@/lib/csv.ts";
import type { Drawing } from "./chart-drawing.ts";
import { CHART_HEIGHT } from "./chart-layout.ts";
import type { Points } from "./chart-traces.ts";
import { download, fileName } from "./download.ts";
import { loadPlotly } from "./plotly.ts";

const PICTURE_WIDTH = 800;

/** As it is drawn, with its title and a legend; a PNG at twice the pixels. */
export async function downloadPicture(
  format: "png" | "svg",
  title: string,
  { data, layout }: Drawing,
  text: string,
): Promise<void> {
  const plotly = await loadPlotly();
  const picture = {
    data,
    layout: {
      ...layout,
      title: { text: title, font: { size: 14, color: text }, x: 0.02, xanchor: "left" as const },
      margin: { ...layout.margin, t: 48 },
      showlegend: true,
      legend: { orientation: "h" as const, x: 1, xanchor: "right" as const, y: 1.02, yanchor: "bottom" as const },
    },
  };
  const height = CHART_HEIGHT * 2;
  const address = await plotly.toImage(picture, { format, width: PICTURE_WIDTH, height, scale: 2 });
  if (format === "svg") {
    const source = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    return download(`${fileName(title)}.svg`, new Blob([source], { type: "image/svg+xml" }));
  }
  // read by hand: the content security policy lets no fetch at a data: address
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(",") + 1)), (char) => char.charCodeAt(0));
  download(`${fileName(title)}.png`, new Blob([bytes], { type: "image/png" }));
}

/** One row a point; the name says so where they are an envelope and not every point. */
export function downloadCsv(title: string, nameOf: (run: string) => string, series: Points[]): void {
  const rows = series.flatMap(({ run, split, metric, steps, times, values }) =>
    Array.from(steps, (step, index) => [
      nameOf(run),
      split,
      metric,
      step,
      new Date(times[index]!).toISOString(),
      values[index]!,
    ]),
  );
  const envelope = series.find(({ kind }) => kind === "envelope");
  const name = `${title}${envelope ? ` envelope of ${envelope.count} points` : ""}`;
  download(`${fileName(name)}.csv`, toCsv(["run", "split", "metric", "step", "time", "value"], rows));
}

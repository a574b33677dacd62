"use client";
/** A chart as a file: a picture, or its points. */
import { toCsv } from "@/lib/csv.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { download, fileName } from "../../parts/download.ts";
import type { Drawing } from "./drawing.ts";
import { penOf } from "./pen.ts";
import { drawPicture, pictureOf } from "./picture.ts";
import { SvgPen } from "./svg-pen.ts";

/** Pixels of a PNG to one of the screen. */
const PNG_RATIO = 2;

/** Saves a chart as it is drawn, with its title and a legend. */
export function downloadPicture(format: "png" | "svg", title: string, drawing: Drawing): void {
  const canvas = document.createElement("canvas");
  const measure = canvas.getContext("2d")!;
  const picture = pictureOf(drawing, title, measure);
  if (format === "png") {
    drawPicture(penOf(canvas, picture, PNG_RATIO), picture);
    canvas.toBlob((blob) => blob && download(`${fileName(title)}.png`, blob));
  } else {
    const pen = new SvgPen(measure);
    drawPicture(pen, picture);
    const file = pen.toFile(picture.width, picture.height);
    download(`${fileName(title)}.svg`, new Blob([file], { type: "image/svg+xml" }));
  }
}

/** One row a point; the name says so where they are an envelope and not every point. */
export function downloadCsv(title: string, nameOf: (run: string) => string, series: PointSeries[]): void {
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

"use client";
/** A figure as a file: PNG, SVG or CSV. */
import { Download } from "lucide-react";
import { toCsv } from "@/lib/csv.ts";
import { download, fileName } from "../parts/download.ts";
import type { FigureTable } from "./figure.tsx";

type FigureExportsProps = { figure: string; title: string; table: FigureTable | string };

export function FigureExports({ figure, title, table }: FigureExportsProps) {
  const name = fileName(title);
  const takes = {
    PNG: () => void downloadPng(figure, name),
    SVG: () => download(`${name}.svg`, new Blob([standaloneSvg(figure).text], { type: "image/svg+xml" })),
    CSV: () => {
      const { columns, rows } = typeof table === "string" ? (JSON.parse(table) as FigureTable) : table;
      download(`${name}.csv`, toCsv(columns, rows));
    },
  };
  return (
    <span className="flex items-center gap-0.5 text-xs text-muted">
      <Download aria-hidden className="size-3.5" />
      {Object.entries(takes).map(([format, take]) => (
        <button
          key={format}
          type="button"
          aria-label={`${title} as ${format}`}
          onClick={take}
          className="rounded-sm px-1 py-0.5 hover:bg-hover hover:text-text"
        >
          {format}
        </button>
      ))}
    </span>
  );
}

/** What a figure takes from the page's styles, which a file of its own doesn't have. */
const styles = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-opacity",
  "stroke-linecap",
  "opacity",
];
const textStyles = ["font-size", "font-family", "font-weight", "text-anchor"];

function standaloneSvg(figure: string): { text: string; width: number; height: number } {
  const shown = document.getElementById(figure)!.querySelector<SVGSVGElement>("svg[data-plot]")!;
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const originals = [shown, ...shown.querySelectorAll<SVGElement>("*")];
  for (const [at, element] of [copy, ...copy.querySelectorAll<SVGElement>("*")].entries()) {
    const computed = getComputedStyle(originals[at]!);
    const names = element.tagName === "text" || element.tagName === "tspan" ? [...styles, ...textStyles] : styles;
    for (const style of names) element.style.setProperty(style, computed.getPropertyValue(style));
    element.removeAttribute("class");
  }
  const { width, height } = shown.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.style.setProperty("background", getComputedStyle(document.documentElement).getPropertyValue("--bg"));
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** Pixels of a PNG for one of the figure's. */
const PNG_SCALE = 3;

async function downloadPng(figure: string, name: string): Promise<void> {
  const { text, width, height } = standaloneSvg(figure);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * PNG_SCALE, height * PNG_SCALE];
  const context = canvas.getContext("2d")!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--bg");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && download(`${name}.png`, blob), "image/png");
}

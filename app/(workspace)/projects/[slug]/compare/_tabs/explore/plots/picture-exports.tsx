"use client";
/** A picture as a file: PNG with three pixels for one, or SVG. */
import { Download } from "lucide-react";
import type { Pen } from "@/app/_ui/charts/plot/pen.ts";
import { download, fileName } from "@/app/_ui/parts/download.ts";
import { asPen, SvgPen } from "./svg-pen.ts";

type PictureExportsProps = {
  title: string;
  background: string;
  /** The size of the whole, and what draws it. */
  make: () => { size: { width: number; height: number }; draw: (pen: Pen) => void };
};

const PNG_SCALE = 3;

export function PictureExports({ title, background, make }: PictureExportsProps) {
  const toPng = () => {
    const { size, draw } = make();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [size.width * PNG_SCALE, size.height * PNG_SCALE];
    const context = canvas.getContext("2d")!;
    context.scale(PNG_SCALE, PNG_SCALE);
    context.fillStyle = background;
    context.fillRect(0, 0, size.width, size.height);
    draw(context);
    canvas.toBlob((blob) => blob && download(`${fileName(title)}.png`, blob), "image/png");
  };
  const toSvg = () => {
    const { size, draw } = make();
    const pen = new SvgPen(document.createElement("canvas").getContext("2d")!);
    draw(asPen(pen));
    const text = pen.text(size, title, background);
    download(`${fileName(title)}.svg`, new Blob([text], { type: "image/svg+xml" }));
  };
  return (
    <span className="flex items-center gap-0.5 text-xs text-muted print:hidden">
      <Download aria-hidden className="size-3.5" />
      {Object.entries({ PNG: toPng, SVG: toSvg }).map(([format, take]) => (
        <button
          key={format}
          type="button"
          aria-label={`${title} as ${format}`}
          onClick={(event) => {
            // the picture below is no target of it
            event.stopPropagation();
            take();
          }}
          onPointerDown={(event) => event.stopPropagation()}
          className="rounded-sm px-1 py-0.5 hover:bg-hover hover:text-text"
        >
          {format}
        </button>
      ))}
    </span>
  );
}

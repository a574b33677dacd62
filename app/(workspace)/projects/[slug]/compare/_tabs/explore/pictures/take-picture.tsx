"use client";
/** A figure that the page shows as a table, or as many plots, as one picture to be taken along. */
import { type ThemeColors, useThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import type { Pen } from "@/app/_ui/charts/plot/pen.ts";
import { PictureExports } from "../plots/picture-exports.tsx";

type TakePictureProps = {
  title: string;
  /** What is asked for it: nothing is made until somebody takes it. */
  make: () => Picture;
};

/** In CSS pixels. */
export type Picture = { width: number; height: number; draw: (pen: Pen, theme: ThemeColors) => void };

export function TakePicture({ title, make }: TakePictureProps) {
  const theme = useThemeColors();
  return theme && <PictureExports title={title} background={theme.bg} make={() => drawnIn(make(), theme)} />;
}

const drawnIn = ({ width, height, draw }: Picture, theme: ThemeColors) => ({
  size: { width, height },
  draw: (pen: Pen) => draw(pen, theme),
});

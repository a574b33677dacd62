/** What a chart is drawn with: a canvas, or a file of vectors. */

/** The part of a canvas that charts use. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "save"
  | "restore"
  | "beginPath"
  | "rect"
  | "clip"
  | "moveTo"
  | "lineTo"
  | "arc"
  | "stroke"
  | "fill"
  | "setLineDash"
  | "fillText"
  | "measureText"
  | "globalAlpha"
  | "strokeStyle"
  | "fillStyle"
  | "lineWidth"
  | "lineJoin"
  | "font"
  | "textAlign"
  | "textBaseline"
>;

/** A pen at as many pixels as the screen has, on a canvas that is cleared; `ratio`: pixels to a CSS pixel. */
export function penOf(canvas: HTMLCanvasElement, size: { width: number; height: number }, ratio: number): Pen {
  // to set the size clears the canvas and is slow, so it is set only when it changed
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  return context;
}

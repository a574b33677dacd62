/** A pen that writes a file of vectors, in the words of a canvas. */
import type { Pen } from "./pen.ts";

type Measure = Pick<CanvasRenderingContext2D, "measureText" | "font">;

const anchors: Partial<Record<CanvasTextAlign, string>> = { right: "end", center: "middle" };

export class SvgPen implements Pen {
  globalAlpha = 1;
  strokeStyle: Pen["strokeStyle"] = "";
  fillStyle: Pen["fillStyle"] = "";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  font = "";
  textAlign: CanvasTextAlign = "left";
  textBaseline: CanvasTextBaseline = "alphabetic";
  readonly #measure: Measure;
  readonly #parts: string[] = [];
  #path: string[] = [];
  #dash: number[] = [];
  #clips = 0;
  /** For each `save`, how many groups were opened since. */
  readonly #open: number[] = [];

  /** `measure` knows how wide words are. */
  constructor(measure: Measure) {
    this.#measure = measure;
  }

  /** The file. */
  toFile(width: number, height: number): string {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${this.#parts.join("\n")}\n</svg>\n`;
  }

  save(): void {
    this.#open.push(0);
  }
  restore(): void {
    const groups = this.#open.pop() ?? 0;
    for (let group = 0; group < groups; group++) this.#parts.push("</g>");
  }
  clip(): void {
    const id = `clip-${++this.#clips}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path.join("")}"/></clipPath><g clip-path="url(#${id})">`);
    this.#open.push((this.#open.pop() ?? 0) + 1);
  }

  beginPath(): void {
    this.#path = [];
  }
  moveTo(x: number, y: number): void {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }
  lineTo(x: number, y: number): void {
    // a path of a canvas may begin with a line
    this.#path.push(`${this.#path.length === 0 ? "M" : "L"}${short(x)} ${short(y)}`);
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`);
  }
  /** Whole circles alone. */
  arc(x: number, y: number, radius: number): void {
    const half = `${short(radius)} ${short(radius)} 0 0 1`;
    this.#path.push(
      `M${short(x - radius)} ${short(y)}a${half} ${short(2 * radius)} 0a${half} ${short(-2 * radius)} 0z`,
    );
  }
  setLineDash(dash: Iterable<number>): void {
    this.#dash = [...dash];
  }

  stroke(): void {
    const dash = this.#dash.length === 0 ? "" : ` stroke-dasharray="${this.#dash.join(" ")}"`;
    const look = `stroke="${escaped(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}"${dash}`;
    this.#put(`<path d="${this.#path.join("")}" fill="none" ${look}`, "/>");
  }
  fill(): void {
    this.#put(`<path d="${this.#path.join("")}" fill="${escaped(this.fillStyle)}"`, "/>");
  }
  fillText(text: string, x: number, y: number): void {
    const anchor = anchors[this.textAlign];
    const baseline = this.textBaseline === "middle" ? ' dominant-baseline="central"' : "";
    const look = `${anchor ? ` text-anchor="${anchor}"` : ""}${baseline} style="font:${escaped(this.font)};font-variant-numeric:tabular-nums"`;
    this.#put(
      `<text x="${short(x)}" y="${short(y)}" fill="${escaped(this.fillStyle)}"${look}`,
      `>${escaped(text)}</text>`,
    );
  }
  measureText(text: string): TextMetrics {
    this.#measure.font = this.font;
    return this.#measure.measureText(text);
  }

  #put(begin: string, end: string): void {
    if (this.#path.length === 0 && begin.startsWith("<path")) return;
    this.#parts.push(`${begin}${this.globalAlpha === 1 ? "" : ` opacity="${this.globalAlpha}"`}${end}`);
  }
}

/** As exact as a picture shows. */
const short = (value: number): string => String(Math.round(value * 100) / 100);

const escaped = (text: unknown): string =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

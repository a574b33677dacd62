/** A pen that writes vectors, with what the explorer's pictures use of it. */
import type { Pen } from "@/app/_ui/charts/plot/pen.ts";

type Size = { width: number; height: number };

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign]!);
const short = (value: number): string => String(Math.round(value * 100) / 100);
const anchors: Record<string, string> = { left: "start", start: "start", center: "middle", right: "end", end: "end" };

/** `measure`: a pen that knows how wide a text is. What can't be drawn is left out. */
export class SvgPen {
  readonly #marks: string[] = [];
  #path: string[] = [];
  #dash: number[] = [];
  globalAlpha = 1;
  strokeStyle = "#000";
  fillStyle = "#000";
  lineWidth = 1;
  lineJoin = "miter";
  font = "11px sans-serif";
  textAlign = "left";
  textBaseline = "middle";

  constructor(readonly measure: Pick<CanvasRenderingContext2D, "font" | "measureText">) {}

  beginPath(): void {
    this.#path = [];
  }
  moveTo(x: number, y: number): void {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }
  lineTo(x: number, y: number): void {
    this.#path.push(`L${short(x)} ${short(y)}`);
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`);
  }
  /** A whole circle, which is all that is drawn. */
  arc(x: number, y: number, radius: number): void {
    const r = short(radius);
    this.#path.push(
      `M${short(x + radius)} ${short(y)}a${r} ${r} 0 1 1 ${short(-2 * radius)} 0a${r} ${r} 0 1 1 ${short(2 * radius)} 0z`,
    );
  }
  setLineDash(dash: number[]): void {
    this.#dash = dash;
  }
  stroke(): void {
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(" ")}"` : "";
    this.#draw(`fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"${dash}`);
  }
  fill(): void {
    this.#draw(`fill="${this.fillStyle}"`);
  }
  fillText(text: string, x: number, y: number): void {
    const [size, family] = [Number.parseFloat(this.font), this.font.replace(/^\S+ /, "")];
    const look = `font-size="${size}" font-family="${escaped(family)}" fill="${this.fillStyle}" text-anchor="${anchors[this.textAlign] ?? "start"}"`;
    this.#marks.push(
      `<text x="${short(x)}" y="${short(y)}" dominant-baseline="central" ${look}>${escaped(text)}</text>`,
    );
  }
  measureText(text: string): TextMetrics {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  #draw(look: string): void {
    const path = this.#path.join("");
    if (path === "" || path.includes("NaN")) return;
    const opacity = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    this.#marks.push(`<path d="${path}" ${look}${opacity}/>`);
  }

  /** The file, on a ground of its own. */
  text({ width, height }: Size, title: string, background: string): string {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const ground = `<rect width="${width}" height="${height}" fill="${background}"/>`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><title>${escaped(title)}</title>${ground}${this.#marks.join("")}</svg>`;
  }
}

/** As the functions that draw know it: they use no other part of a pen. */
export const asPen = (pen: SvgPen): Pen => pen as unknown as Pen;

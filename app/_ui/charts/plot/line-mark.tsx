/** A piece of a curve, in its colour and stroke. */
import type { Dash } from "./traces.ts";

/** Long enough for the strokes of the second round. */
const WIDTH = 24;

export function LineMark({ color, dash }: { color: string; dash: Dash }) {
  return (
    <svg width={WIDTH} height="2" role="presentation" className="inline-block shrink-0 align-middle">
      <line x2={WIDTH} y1="1" y2="1" stroke={color} strokeWidth="2" strokeDasharray={dash.join(" ") || undefined} />
    </svg>
  );
}

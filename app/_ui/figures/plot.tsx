/** Marks over two axes, drawn on the server as SVG. */
import { type ReactNode, useId } from "react";
import { numberWords, significantWords } from "@/lib/words/numbers.ts";
import { mapOf, place, type Span, ticksOf } from "./scale.ts";

export type Point = [x: number, y: number];

/** `title` is what the pointer reads. Colours are those of CSS. */
export type Mark =
  | { kind: "line"; points: Point[]; color?: string; dashed?: boolean }
  | { kind: "band"; low: Point[]; high: Point[]; color?: string }
  | { kind: "dots"; points: Point[]; color?: string; radius?: number; opacity?: number; titles?: string[] }
  | { kind: "bars"; bars: { from: number; to: number; height: number; title?: string }[]; color?: string }
  | { kind: "whiskers"; ends: { x: number; low: number; high: number }[]; color?: string }
  /** Many dots, or crosses, as one shape without titles: a thousand cost what one does. */
  | { kind: "points"; points: Point[]; shape?: "dot" | "cross"; color?: string; radius?: number; opacity?: number }
  /** From the first to the third quartile, with the middle one across. */
  | { kind: "boxes"; boxes: { x: number; low: number; middle: number; high: number }[]; width: number; color?: string }
  /** A part of the x-axis, over the whole height. */
  | { kind: "region"; from: number; to: number; color?: string };

export type Axis = Span & { label: string; ticks?: number[]; format?: (value: number) => string };

type PlotProps = { x: Axis; y: Axis; marks: Mark[]; height?: number };

const WIDTH = 400;
const EDGE = { left: 44, right: 10, top: 8, bottom: 34 };

export function Plot({ x, y, marks, height = 260 }: PlotProps) {
  const clip = useId();
  const toX = mapOf(x, EDGE.left, WIDTH - EDGE.right);
  const toY = mapOf(y, height - EDGE.bottom, EDGE.top);
  return (
    <svg
      aria-hidden
      data-plot
      viewBox={`0 0 ${WIDTH} ${height}`}
      className="w-full max-w-120 text-[11px] text-muted"
      fontFamily="var(--font-sans)"
    >
      <Axes x={x} y={y} toX={toX} toY={toY} height={height} />
      <clipPath id={clip}>
        <rect
          x={EDGE.left - 4}
          y={EDGE.top - 4}
          width={WIDTH - EDGE.left - EDGE.right + 8}
          height={height - EDGE.top - EDGE.bottom + 8}
        />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        {marks.map((mark, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the marks of a figure never change their order
          <g key={at}>{mark.kind === "region" ? regionOf(mark, toX, height) : drawn(mark, toX, toY)}</g>
        ))}
      </g>
    </svg>
  );
}

type ToPlace = (value: number) => number;
type AxesProps = { x: Axis; y: Axis; toX: ToPlace; toY: ToPlace; height: number };

/** As many digits as a tick has room for. */
const tickWords = (value: number): string =>
  Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(1).replace("e+", "e").replace("-", "−")
    : Math.abs(value) >= 1000
      ? numberWords(value)
      : significantWords(value, 3).replace("-", "−");

function Axes({ x, y, toX, toY, height }: AxesProps) {
  const bottom = height - EDGE.bottom;
  return (
    <>
      {(y.ticks ?? ticksOf(y)).map((tick) => (
        <g key={`y${tick}`}>
          <line
            x1={EDGE.left}
            x2={WIDTH - EDGE.right}
            y1={place(toY(tick))}
            y2={place(toY(tick))}
            stroke="var(--line)"
          />
          <text x={EDGE.left - 6} y={place(toY(tick) + 4)} textAnchor="end" fill="currentColor">
            {(y.format ?? tickWords)(tick)}
          </text>
        </g>
      ))}
      {(x.ticks ?? ticksOf(x)).map((tick) => (
        <g key={`x${tick}`}>
          <line x1={place(toX(tick))} x2={place(toX(tick))} y1={bottom} y2={bottom + 4} stroke="var(--line-strong)" />
          <text x={place(toX(tick))} y={bottom + 15} textAnchor="middle" fill="currentColor">
            {(x.format ?? tickWords)(tick)}
          </text>
        </g>
      ))}
      <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={bottom} y2={bottom} stroke="var(--line-strong)" />
      <text x={(EDGE.left + WIDTH - EDGE.right) / 2} y={height - 4} textAnchor="middle" fill="currentColor">
        {x.label}
      </text>
      <text transform={`translate(10 ${(EDGE.top + bottom) / 2}) rotate(-90)`} textAnchor="middle" fill="currentColor">
        {y.label}
      </text>
    </>
  );
}

const pathOf = (points: Point[], toX: ToPlace, toY: ToPlace): string =>
  points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${place(toX(x))} ${place(toY(y))}`).join("");

type MarkOf<Kind extends Mark["kind"]> = Extract<Mark, { kind: Kind }>;

const regionOf = ({ from, to, color }: MarkOf<"region">, toX: ToPlace, height: number): ReactNode => (
  <rect
    x={place(toX(from))}
    y={EDGE.top}
    width={place(toX(to) - toX(from))}
    height={height - EDGE.top - EDGE.bottom}
    fill={color ?? "var(--muted)"}
    fillOpacity={0.16}
  />
);

/** A line of no length with round ends is a dot. */
function pointsOf(
  { points, shape = "dot", radius = 2.5, opacity = 1, color }: MarkOf<"points">,
  to: [ToPlace, ToPlace],
) {
  const [toX, toY] = to;
  const r = place(radius);
  const one = ([x, y]: Point) =>
    shape === "dot"
      ? `M${place(toX(x))} ${place(toY(y))}h0`
      : `M${place(toX(x) - radius)} ${place(toY(y) - radius)}l${2 * Number(r)} ${2 * Number(r)}m0 -${2 * Number(r)}l-${2 * Number(r)} ${2 * Number(r)}`;
  return (
    <path
      d={points.map(one).join("")}
      fill="none"
      stroke={color ?? "var(--accent)"}
      strokeWidth={shape === "dot" ? 2 * radius : 1.25}
      strokeLinecap="round"
      strokeOpacity={opacity}
    />
  );
}

const boxOf = (box: MarkOf<"boxes">["boxes"][number], width: number, [toX, toY]: [ToPlace, ToPlace]): string => {
  const [left, right] = [place(toX(box.x - width / 2)), place(toX(box.x + width / 2))];
  const [low, middle, high] = [box.low, box.middle, box.high].map((value) => place(toY(value)));
  return `M${left} ${low}H${right}V${high}H${left}ZM${left} ${middle}H${right}`;
};

function drawn(mark: Exclude<Mark, { kind: "region" }>, toX: ToPlace, toY: ToPlace): ReactNode {
  const color = mark.color ?? "var(--accent)";
  if (mark.kind === "points") return pointsOf(mark, [toX, toY]);
  if (mark.kind === "boxes")
    return (
      <path
        d={mark.boxes.map((box) => boxOf(box, mark.width, [toX, toY])).join("")}
        fill={color}
        fillOpacity={0.16}
        stroke={color}
        strokeWidth={1.25}
      />
    );
  if (mark.kind === "line")
    return (
      <path
        d={pathOf(mark.points, toX, toY)}
        fill="none"
        stroke={color}
        strokeWidth={mark.dashed ? 1.25 : 1.75}
        strokeDasharray={mark.dashed ? "4 3" : undefined}
        strokeLinejoin="round"
      />
    );
  if (mark.kind === "band")
    return (
      <path
        d={`${pathOf(mark.high, toX, toY)}${pathOf([...mark.low].reverse(), toX, toY).replace("M", "L")}Z`}
        fill={color}
        fillOpacity={0.16}
      />
    );
  if (mark.kind === "dots")
    return mark.points.map(([x, y], at) => (
      <circle
        // biome-ignore lint/suspicious/noArrayIndexKey: the dots of a figure never change their order
        key={at}
        cx={place(toX(x))}
        cy={place(toY(y))}
        r={mark.radius ?? 3}
        fill={color}
        fillOpacity={mark.opacity ?? 1}
      >
        {mark.titles && <title>{mark.titles[at]}</title>}
      </circle>
    ));
  if (mark.kind === "bars")
    return mark.bars.map(({ from, to, height, title }) => (
      <rect
        key={from}
        x={place(toX(from) + 0.5)}
        y={place(Math.min(toY(height), toY(0)))}
        width={place(Math.max(0.5, toX(to) - toX(from) - 1))}
        height={place(Math.abs(toY(0) - toY(height)))}
        fill={color}
        fillOpacity={0.75}
      >
        {title && <title>{title}</title>}
      </rect>
    ));
  return mark.ends.map(({ x, low, high }) => (
    <path
      key={x}
      d={`M${place(toX(x))} ${place(toY(low))}V${place(toY(high))}M${place(toX(x) - 3)} ${place(toY(low))}h6M${place(toX(x) - 3)} ${place(toY(high))}h6`}
      stroke={color}
      fill="none"
      strokeWidth={1.25}
    />
  ));
}

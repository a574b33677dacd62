"use client";
/** What a row says at length: every figure of a metric, or where long values differ, word by word. */
import { useEffect, useState } from "react";
import { listWords } from "@/lib/words/numbers.ts";
import type { EvaluatedRow, GridData, GridRow, MetricCells, ValueRow } from "../grid-data.ts";
import { diffValuesAction, readFloorAction, type ValueDiff } from "../reads/actions.ts";
import { cellWords } from "./metric-cell.tsx";

type RowDetailProps = {
  data: GridData;
  row: GridRow;
  /** Places of the runs in sight, and of the baseline. */
  shown: number[];
  baseline: number;
  cells: MetricCells | undefined;
};

export function RowDetail({ data, row, shown, baseline, cells }: RowDetailProps) {
  if (row.kind === "value") return <ValueDiffs data={data} row={row} baseline={baseline} />;
  if (row.kind === "evaluation") return <EvaluationList data={data} row={row} shown={shown} />;
  if (!cells) return <p className="text-muted">The numbers are on their way.</p>;
  const isUnknown = shown.some((run) => cells.differences[run]?.[0] === "one-seed");
  return (
    <>
      <ul className="grid gap-x-4">
        {shown.map((run) => (
          <li key={run} className="flex h-6 gap-3 whitespace-nowrap">
            <span className="w-48 truncate font-medium">{data.runs[run]!.name}</span>
            <span className="text-muted">{cellWords(cells, run).join(" · ")}</span>
          </li>
        ))}
      </ul>
      {isUnknown && (row.direction === "min" || row.direction === "max") && (
        <NoiseFloorLine
          project={data.project.id}
          series={row.series}
          direction={row.direction}
          manifest={data.runs[baseline]?.manifest?.id ?? null}
        />
      )}
    </>
  );
}

type NoiseFloorLineProps = { project: string; series: string; direction: "min" | "max"; manifest: string | null };

/** Where one seed says nothing, what the project's other seeds say of a difference. */
function NoiseFloorLine({ project, series, direction, manifest }: NoiseFloorLineProps) {
  const [words, setWords] = useState("");
  useEffect(() => {
    let isOver = false;
    void readFloorAction(project, { series, direction, manifest })
      .catch(() => ({ ok: false as const, error: "The server can't be reached." }))
      .then((outcome) => {
        if (!isOver) setWords(outcome.ok ? outcome.value : outcome.error);
      });
    return () => {
      isOver = true;
    };
  }, [project, series, direction, manifest]);
  return <p className="min-h-6 text-muted">{words && `The project’s best values: ${words}`}</p>;
}

const EvaluationList = ({ data, row, shown }: { data: GridData; row: EvaluatedRow; shown: number[] }) => (
  <ul>
    {shown.map((run) => (
      <li key={run} className="flex h-6 gap-3 whitespace-nowrap">
        <span className="w-48 truncate font-medium">{data.runs[run]!.name}</span>
        <span className="text-muted">
          {row.cells[run] ? `${row.cells[run].samples} samples, step ${row.cells[run].step}` : "not evaluated"}
        </span>
      </li>
    ))}
  </ul>
);

type Answer = { baseline: string; diffs: ValueDiff[] } | { problem: string } | null;

function ValueDiffs({ data, row, baseline }: { data: GridData; row: ValueRow; baseline: number }) {
  const [answer, setAnswer] = useState<Answer>(null);
  const { id: project } = data.project;
  const runs = data.runs.map(({ id }) => id).join(" ");
  const base = data.runs[baseline]!;
  useEffect(() => {
    let isOver = false;
    const asked = { runs: runs.split(" "), baseline: base.id, id: row.id };
    void diffValuesAction(project, asked)
      .catch(() => ({ ok: false as const, error: "The server can't be reached." }))
      .then((outcome) => {
        if (!isOver) setAnswer(outcome.ok ? outcome.value : { problem: outcome.error });
      });
    return () => {
      isOver = true;
    };
  }, [project, runs, base.id, row.id]);
  if (answer === null) return <p className="text-muted">The texts are on their way.</p>;
  if ("problem" in answer) return <p role="alert">{answer.problem}</p>;
  return (
    <dl className="grid gap-2">
      <Text runs={[`${base.name} (baseline)`]} parts={[{ text: answer.baseline || "not set", of: "both" }]} />
      {answer.diffs.map((diff) => (
        <Text key={diff.runs.join()} {...diff} />
      ))}
    </dl>
  );
}

const Text = ({ runs, parts }: ValueDiff) => (
  <div>
    <dt className="text-xs text-muted">{listWords(runs)}</dt>
    <dd className="font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
      {parts.map(({ text, of }, at) => {
        const Tag = of === "run" ? "ins" : of === "baseline" ? "del" : "span";
        const look = {
          run: "bg-accent-soft no-underline font-medium",
          baseline: "bg-danger-soft text-muted",
          both: "",
        };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stretch is known by its place alone
          <Tag key={at} className={look[of]}>
            {text}
          </Tag>
        );
      })}
    </dd>
  </div>
);

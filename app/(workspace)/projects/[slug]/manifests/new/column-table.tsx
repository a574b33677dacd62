"use client";
import { useState } from "react";
/** The columns of a file, a line each: what each seems to be, why, and its first cells. */
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { ColumnRole } from "@/lib/wire/alike/table-columns.ts";
import type { GuessReason, PreviewColumn, TablePreview } from "@/lib/wire/data/table-preview.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { RoleMenu } from "./role-menu.tsx";
import { type UploadPlan, withRole } from "./upload-plan.ts";

const LINES_SHOWN = 60;

type ColumnTableProps = { preview: TablePreview; plan: UploadPlan; onPlan: (plan: UploadPlan) => void };

export function ColumnTable({ preview, plan, onPlan }: ColumnTableProps) {
  const [isWhole, setWhole] = useState(false);
  const columns = isWhole ? preview.columns : preview.columns.slice(0, LINES_SHOWN);
  const hidden = preview.columns.length - columns.length;
  return (
    <div className="grid gap-2">
      <WideTable>
        <table className="w-full text-sm">
          <thead>
            <tr className="h-8 border-b border-line text-left text-xs text-muted">
              <th className="pr-3 font-medium">Column</th>
              <th className="min-w-44 pr-3 font-medium">What it is</th>
              <th className="pr-3 font-medium">What is in it</th>
              <th className="font-medium" colSpan={preview.first.length}>
                First rows
              </th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column, at) => (
              <ColumnLine
                key={column.name}
                column={column}
                cells={preview.first.map((row) => row[at] ?? null)}
                plan={plan}
                onRole={(role) => onPlan(withRole(plan, column, role))}
              />
            ))}
          </tbody>
        </table>
      </WideTable>
      {hidden > 0 && (
        <Button look="ghost" onClick={() => setWhole(true)} className="justify-self-start">
          Show {countWords(hidden, "more column")}
        </Button>
      )}
    </div>
  );
}

type ColumnLineProps = {
  column: PreviewColumn;
  cells: (string | null)[];
  plan: UploadPlan;
  onRole: (role: ColumnRole) => void;
};

function ColumnLine({ column, cells, plan, onRole }: ColumnLineProps) {
  const { name } = column;
  const role = plan.columns[name]!;
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="max-w-48 min-w-20 py-2 pr-3 text-left font-medium wrap-anywhere">
        {name || <span className="text-muted">no name</span>}
      </th>
      <td className="w-56 py-1 pr-3">
        <RoleMenu column={column} role={role} isAsked={plan.asked.includes(name)} onRole={onRole} />
      </td>
      <td className="min-w-40 py-2 pr-3 text-xs text-muted">
        {countWords(column.distinct, "value")}
        {column.missing > 0 && `, ${numberWords(column.missing)} missing`}
        <span className="block">{whyWords(column, role, plan.kept.includes(name))}</span>
      </td>
      {cells.map((cell, at) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell of a row is at its place
          key={at}
          className={`max-w-36 truncate py-2 pr-3 text-xs tabular-nums ${role === "nothing" ? "text-muted line-through decoration-line-strong" : ""}`}
          title={cell ?? undefined}
        >
          {cell ?? "–"}
        </td>
      ))}
    </tr>
  );
}

const reasons: Record<GuessReason, string> = {
  named: "by its name",
  unique: "each value once",
  repeats: "by its name; values repeat",
  times: "all are times",
  "row-numbers": "a saved row number",
  "counts-rows": "counts the rows: hides copies",
  person: "names a person: no model needs it",
  identifier: "another in each row: hides copies",
  rest: "",
  kept: "as in the version before",
};

/** Why the role is proposed; nothing where a person chose another. */
function whyWords({ because, role }: PreviewColumn, chosen: ColumnRole, isKept: boolean): string {
  if (isKept) return reasons.kept;
  return chosen === role ? reasons[because] : "";
}

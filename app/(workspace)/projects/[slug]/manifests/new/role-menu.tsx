"use client";
/** What a column of a file is: a menu, and for times the form that they are written in. */
import { Select } from "@/app/_ui/parts/field.tsx";
import { type ColumnRole, knownOf, timeFormatOf, timeRole } from "@/lib/wire/alike/table-columns.ts";
import type { TimeFormat } from "@/lib/wire/alike/time-formats.ts";
import type { PreviewColumn } from "@/lib/wire/data/table-preview.ts";

const roles = [
  ["key", "key"],
  ["group", "group"],
  ["label", "label"],
  ["time", "time"],
  ["split", "split"],
  ["sealed", "sealed"],
  ["feature", "feature"],
  ["nothing", "leave out"],
  ["text", "text"],
  ["content_hash", "content hash"],
  ["byte_hash", "byte hash"],
] as const;

const forms: readonly (readonly [TimeFormat, string])[] = [
  ["iso", "year-month-day (ISO 8601), or seconds"],
  ["day-first", "day first: 31/01/2026"],
  ["month-first", "month first: 01/31/2026"],
  ["year-first", "year first: 2026/01/31"],
  ["milliseconds", "milliseconds since 1970"],
  ["year", "the year alone"],
];

type RoleMenuProps = {
  column: PreviewColumn;
  role: ColumnRole;
  /** Whether the form of its dates is still to be said. */
  isAsked: boolean;
  onRole: (role: ColumnRole) => void;
};

export function RoleMenu({ column, role, isAsked, onRole }: RoleMenuProps) {
  const said = knownOf(role);
  return (
    <div className="grid gap-1">
      <Select
        aria-label={`What ${column.name || "the column without a name"} is`}
        options={roles}
        value={said ?? role}
        onChange={(event) => onRole(event.target.value as ColumnRole)}
        className={role === "feature" || role === "nothing" ? "text-muted" : "font-medium"}
      />
      {said === "time" && (
        <Select
          aria-label={`How the times of ${column.name} are written`}
          aria-invalid={isAsked || undefined}
          options={isAsked ? [["", "choose how it is written"], ...forms] : forms}
          value={isAsked ? "" : timeFormatOf(role)}
          onChange={(event) => event.target.value && onRole(timeRole(event.target.value as TimeFormat))}
        />
      )}
    </div>
  );
}

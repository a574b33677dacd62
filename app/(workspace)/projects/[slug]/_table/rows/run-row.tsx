/** A run as a row of the table. */
import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { type CSSProperties, memo } from "react";
import { ChampionMark } from "@/app/_ui/domain/champion/champion-mark.tsx";
import { PendingMark } from "@/app/_ui/domain/pending.tsx";
import { RunMenu } from "@/app/_ui/domain/run-menu.tsx";
import { RowLegend, usePointing } from "@/app/_ui/domain/sight.tsx";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { TagLine } from "@/app/_ui/domain/tags.tsx";
import { ManifestStanding } from "@/app/_ui/domain/verdict.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { copyRunHref, runHref } from "@/app/paths.ts";
import { type CellValue, wholeText } from "@/lib/runs/long-text.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import { countWords, durationWords } from "@/lib/words/numbers.ts";
import type { formatOf, TableColumn } from "../state/runs-columns.ts";
import type { TableSelection } from "../state/use-selection.ts";
import { beginsGroup, cellStyle, isTime, NAME_CELL } from "./column-layout.ts";

type RunTableRowProps = {
  slug: string;
  row: RunRow;
  /** Among the rows of the table, from 0. */
  index: number;
  columns: TableColumn[];
  /** How the values of each column are written. */
  formats: ReturnType<typeof formatOf>[];
  isSelected: boolean;
  onToggle: TableSelection["toggle"];
  can: { update: boolean; remove: boolean };
  /** Else no run is called uncited. */
  usesManifests: boolean;
};

/** A table has hundreds of cells: a row is rendered anew where something of its own changed. */
export const RunTableRow = memo(function RunTableRow(props: RunTableRowProps) {
  const { slug, row, index, columns, formats, isSelected, onToggle, can, usesManifests } = props;
  const pointing = usePointing(row.id);
  return (
    <tr
      className={`group h-8 ${row.isArchived ? "opacity-60" : ""}`}
      data-run={row.id}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      {...pointing}
    >
      <td className="sticky left-0 z-10 w-10 min-w-10 bg-bg pr-0 group-hover:bg-hover group-data-pointed:bg-hover">
        <input
          type="checkbox"
          className="block"
          checked={isSelected}
          aria-label={`Select ${row.name}`}
          aria-keyshortcuts="x"
          onChange={(event) => onToggle(row, (event.nativeEvent as MouseEvent).shiftKey)}
        />
      </td>
      <td className={`left-10 group-hover:bg-hover group-data-pointed:bg-hover ${NAME_CELL}`}>
        <div className="flex items-center gap-1">
          <RowLegend run={row} canChoose={can.update} />
          <Link
            href={runHref(slug, row.id)}
            prefetch={false}
            data-cursor
            className="flex min-w-0 items-center gap-2 font-medium hover:underline"
            title={row.name}
          >
            <span className="truncate">{row.name}</span>
            <PendingMark className="shrink-0" />
          </Link>
          <ChampionMark run={row.id} />
          {row.pointsLost > 0 && <PointsLost count={row.pointsLost} />}
          {(row.manifest || usesManifests) && <ManifestStanding manifest={row.manifest} />}
          <RowMenu slug={slug} row={row} can={can} />
        </div>
      </td>
      <td className="[&>span]:align-middle">
        <StatusBadge status={row.status} reason={row.failureReason} />
        {row.isBehind && <Behind />}
      </td>
      {columns.map((column, at) => (
        <RunCell
          key={column.name}
          column={column}
          row={row}
          usesManifests={usesManifests}
          format={formats[at]!}
          isFirst={beginsGroup(columns, at)}
          style={cellStyle(columns, at)}
        />
      ))}
    </tr>
  );
});

/** A run's menu beside its name: in sight where the pointer or the focus is, and always on a touch screen. */
export const RowMenu = ({ slug, row, can }: Pick<RunTableRowProps, "slug" | "row" | "can">) => (
  <span
    className="-my-1 -mr-2 ml-auto shrink-0 opacity-0 group-hover:opacity-100 focus-within:opacity-100
      has-aria-expanded:opacity-100 pointer-coarse:opacity-100"
  >
    <RunMenu
      run={{ id: row.id, name: row.name, tags: row.tags }}
      canRename={can.update}
      canDelete={can.remove}
      canClaim={can.update}
      copyHref={can.update ? copyRunHref(slug, row.id) : null}
    />
  </span>
);

type RunCellProps = {
  column: TableColumn;
  row: RunRow;
  usesManifests: boolean;
  format: ReturnType<typeof formatOf>;
  isFirst: boolean;
  style: CSSProperties | undefined;
};

function RunCell({ column, row, usesManifests, format, isFirst, style }: RunCellProps) {
  const value = row.values[column.name] ?? null;
  const isRun = column.kind === "run";
  const isMissing = value === null && column.kind === "metric" && row.isBehind;
  return (
    <td
      title={isRun || value === null ? undefined : wholeText(value)}
      style={style}
      className={`max-w-60 truncate ${column.numeric || isTime(column.name) ? "number" : ""} ${isFirst ? "border-l" : ""}
        ${column.label === "best" ? "font-medium" : ""} ${column.pinned ? "sticky z-10 bg-bg group-hover:bg-hover group-data-pointed:bg-hover" : ""}`}
    >
      {isRun ? (
        <RunValue name={column.name} row={row} usesManifests={usesManifests} />
      ) : isMissing ? (
        <Behind />
      ) : (
        format(value)
      )}
    </td>
  );
}

/** Says that points came which the row's numbers don't count. */
const Behind = () => (
  <span className="px-1 text-muted" title="Its newest points came in, and don't count here yet">
    <span aria-hidden>…</span>
    <span className="sr-only">newest points not counted yet</span>
  </span>
);

function RunValue({ name, row, usesManifests }: Pick<RunCellProps, "row" | "usesManifests"> & { name: string }) {
  if (name === "created") return <Time at={row.createdAt} />;
  if (name === "started") return row.startedAt && <Time at={row.startedAt} />;
  if (name === "ended") return row.endedAt && <Time at={row.endedAt} />;
  if (name === "duration") return row.durationMs === null ? null : durationWords(row.durationMs);
  if (name === "tags") return <TagLine tags={row.tags} />;
  if (name === "seed") return row.seed;
  if (name === "replicates") return <ShortDigest text={row.values.replicates} />;
  if (name !== "manifest") return null;
  if (row.manifest) return <ShortDigest text={row.manifest.id} />;
  return usesManifests && <span className="text-warning">uncited</span>;
}

function ShortDigest({ text }: { text: CellValue | undefined }) {
  if (typeof text !== "string") return null;
  return (
    <span className="font-mono text-xs" title={text}>
      {text.slice(0, 10)}
    </span>
  );
}

function PointsLost({ count }: { count: number }) {
  const words = `${countWords(count, "point")} lost`;
  return (
    <span title={words} className="shrink-0 text-warning">
      <TriangleAlert aria-hidden className="size-3.5" />
      <span className="sr-only">{words}</span>
    </span>
  );
}

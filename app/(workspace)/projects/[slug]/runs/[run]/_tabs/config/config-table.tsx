/** A config by the groups of its nesting, alone or beside another run's, with what differs first. */
import type { ReactNode } from "react";
import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import {
  type ConfigGroup,
  type ConfigRow,
  groupRows,
  isDifferent,
  pairConfigs,
  prefixOf,
} from "@/lib/runs/config-differences.ts";
import type { Scalar } from "@/lib/runs/flatten.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import { anchorText } from "@/lib/wire/reviews/anchors.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { BreakableKey } from "../facts-table.tsx";

/** `other`: the run to compare with; null: none. `counts`: of open threads, by place. */
type ConfigTableProps = { run: RunDetail; other: RunDetail | null; counts: Record<string, number> };

export function ConfigTable({ run, other, counts }: ConfigTableProps) {
  const talk: Talk = { projectId: run.projectId, subject: `run:${run.id}`, counts };
  if (!other) return <Rows label="Config" groups={groupRows(pairConfigs(run.config, {}))} other={null} talk={talk} />;
  const rows = pairConfigs(run.config, other.config);
  const facts = pairFacts(run, other);
  const differing = [...groupRows(rows.filter(isDifferent)), ...besides(facts.filter(isDifferent))];
  const same = [...groupRows(rows.filter(isSame)), ...besides(facts.filter(isSame))];
  const sameCount = same.reduce((sum, group) => sum + group.rows.length, 0);
  return (
    <div className="grid gap-2">
      {differing.length > 0 ? (
        <Rows label="Config" groups={differing} other={other.name} talk={talk} />
      ) : (
        <p className="text-sm text-muted">Nothing differs: config, seed, manifest and commit are the same.</p>
      )}
      {sameCount > 0 && (
        <details open={differing.length === 0}>
          <summary className="text-sm text-muted hover:text-text">
            {countWords(sameCount, "value")} the same in both
          </summary>
          <Rows label="Config, the same in both" groups={same} other={null} talk={talk} />
        </details>
      )}
    </div>
  );
}

const isSame = (row: ConfigRow): boolean => !isDifferent(row);

/** What beside their configs makes two runs differ. */
const pairFacts = (run: RunDetail, other: RunDetail): ConfigRow[] => [
  { key: "seed", own: run.seed, other: other.seed },
  { key: "split manifest", own: run.citedManifest?.name ?? null, other: other.citedManifest?.name ?? null },
  { key: "commit", own: commitOf(run), other: commitOf(other) },
];

const besides = (rows: ConfigRow[]): ConfigGroup[] => (rows.length > 0 ? [{ prefix: BESIDE, rows }] : []);
const BESIDE = "beside the config";

const commitOf = ({ code }: RunDetail): string | null => code?.commit?.slice(0, 12) ?? null;

/** `other`: the name of the run beside; null: one value a row. */
type RowsProps = { label: string; groups: ConfigGroup[]; other: string | null; talk: Talk };
/** What the rows' threads hang on. */
type Talk = { projectId: string; subject: string; counts: Record<string, number> };

function Rows({ label, groups, other, talk }: RowsProps) {
  return (
    <table aria-label={label} className="w-full table-fixed text-sm">
      {other !== null && (
        <thead>
          <tr className="border-b border-line align-bottom text-xs text-muted">
            <th scope="col" className="w-2/5 py-1.5 pr-4 text-left font-medium">
              Key
            </th>
            <Head>this run</Head>
            <Head>{other}</Head>
          </tr>
        </thead>
      )}
      {groups.map(({ prefix, rows }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a config may have a group of the last one's name
        <tbody key={index}>
          {prefix !== "" && (
            <tr className="border-b border-line">
              <th
                scope="rowgroup"
                colSpan={other === null ? 2 : 3}
                className="pt-3 pb-1 text-left text-xs font-medium wrap-anywhere"
              >
                <BreakableKey words={prefix} />
              </th>
            </tr>
          )}
          {rows.map((row) => (
            <ConfigTableRow
              key={row.key}
              row={row}
              isNested={prefix !== ""}
              isPair={other !== null}
              talk={prefix === BESIDE || row.own === undefined ? null : talk}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

const Head = ({ children }: { children: ReactNode }) => (
  <th scope="col" className="py-1.5 pr-4 text-left font-medium wrap-anywhere">
    {children}
  </th>
);

/** `talk`: null where the row is no key of the run's own config. */
type ConfigTableRowProps = { row: ConfigRow; isNested: boolean; isPair: boolean; talk: Talk | null };

function ConfigTableRow({ row, isNested, isPair, talk }: ConfigTableRowProps) {
  const anchor = anchorText({ kind: "config", key: row.key });
  const prefix = prefixOf(row.key);
  const name = prefix === "" ? row.key : row.key.slice(prefix.length + 1);
  // 1 and "1" look the same unless they are written as JSON
  const isTyped = isPair && String(row.own) === String(row.other);
  return (
    <tr className="group border-b border-line align-top last:border-0">
      <th
        scope="row"
        className={`w-2/5 py-1.5 pr-4 text-left font-normal wrap-anywhere text-muted ${isNested ? "pl-3" : ""}`}
      >
        {prefix !== "" && <span className="sr-only">{prefix}.</span>}
        {name}{" "}
        {talk && (
          <ThreadMark
            projectId={talk.projectId}
            subject={talk.subject}
            anchor={anchor}
            count={talk.counts[anchor] ?? 0}
            isQuiet
          />
        )}
      </th>
      <ValueCell value={row.own} isTyped={isTyped} />
      {isPair && <ValueCell value={row.other} isTyped={isTyped} />}
    </tr>
  );
}

function ValueCell({ value, isTyped }: { value: Scalar | undefined; isTyped: boolean }) {
  return (
    <td className="py-1.5 pr-4 font-mono text-xs leading-5 wrap-anywhere">
      {value === undefined ? (
        <span className="text-muted">not set</span>
      ) : isTyped ? (
        JSON.stringify(value)
      ) : (
        String(value)
      )}
    </td>
  );
}

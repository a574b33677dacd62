/** Lines of code with their numbers: changed ones by sign and colour, their changed words by a mark. */
import type { Piece, ShownLine, ShownRow } from "@/lib/compare/code/shown.ts";
import { countWords } from "@/lib/words/numbers.ts";

type Side = "from" | "to";
type ChangedRow = Extract<ShownRow, { kind: "changed" }>;
const signs = { from: "−", to: "+" };

/** Rows in groups that changed together, and those between. */
function groupsOf(rows: ShownRow[]): ShownRow[][] {
  const groups: ShownRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last && last[0]!.kind === row.kind) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** A line below the other: what went, then what came. */
export function UnifiedRows({ rows }: { rows: ShownRow[] }) {
  return groupsOf(rows).flatMap((group) => {
    const [first] = group;
    if (first!.kind === "same")
      return group.map((row) =>
        row.kind === "same" ? (
          <tr key={`same ${row.from}`}>
            <LineNumber number={row.from} />
            <LineNumber number={row.line.number} />
            <td />
            <Code line={row.line} />
          </tr>
        ) : null,
      );
    const lines = (["from", "to"] as const).flatMap((side) =>
      (group as ChangedRow[]).flatMap((row) => (row[side] ? [{ side, line: row[side] }] : [])),
    );
    return lines.map(({ side, line }, at) => (
      <tr
        key={`${side} ${line.number}`}
        data-difference={at === 0 || undefined}
        tabIndex={at === 0 ? -1 : undefined}
        className={`code-${side}`}
      >
        <LineNumber number={side === "from" ? line.number : null} />
        <LineNumber number={side === "to" ? line.number : null} />
        <td className="s">{signs[side]}</td>
        <Code line={line} />
      </tr>
    ));
  });
}

/** What went on the left, what came on the right. */
export function BesideRows({ rows }: { rows: ShownRow[] }) {
  return groupsOf(rows).flatMap((group) =>
    group.map((row, at) => {
      const isDifference = row.kind === "changed" && at === 0;
      return (
        <tr
          key={row.kind === "same" ? `same ${row.from}` : `${row.from?.number} ${row.to?.number}`}
          data-difference={isDifference || undefined}
          tabIndex={isDifference ? -1 : undefined}
        >
          <Half side="from" row={row} />
          <Half side="to" row={row} />
        </tr>
      );
    }),
  );
}

function Half({ side, row }: { side: Side; row: ShownRow }) {
  if (row.kind === "same")
    return (
      <>
        <LineNumber number={side === "from" ? row.from : row.line.number} />
        <td />
        <Code line={row.line} />
      </>
    );
  const line = row[side];
  if (!line) return <td colSpan={3} className="bg-surface" />;
  return (
    <>
      <LineNumber number={line.number} tone={`code-${side}`} />
      <td className={`s code-${side}`}>{signs[side]}</td>
      <Code line={line} tone={`code-${side}`} />
    </>
  );
}

const LineNumber = ({ number, tone = "" }: { number: number | null; tone?: string }) => (
  <td className={`n ${tone}`}>{number}</td>
);

function Code({ line, tone = "" }: { line: ShownLine; tone?: string }) {
  return (
    <td className={`c ${tone}`}>
      {line.pieces.map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
        <Word key={at} piece={piece} />
      ))}
      {line.omitted > 0 && <span className="text-muted"> … {countWords(line.omitted, "more character")}</span>}
      {line.isEndless && <span className="text-muted select-none"> ⏎ missing at the end</span>}
    </td>
  );
}

function Word({ piece: { text, tone, isChanged } }: { piece: Piece }) {
  const shown = text.replaceAll("\r", "␍");
  if (isChanged) return <mark className={toneClasses[tone]}>{shown}</mark>;
  return tone === "text" ? shown : <span className={toneClasses[tone]}>{shown}</span>;
}

const toneClasses: Record<Piece["tone"], string | undefined> = {
  text: undefined,
  keyword: "ck",
  string: "cs",
  comment: "cc",
  constant: "cn",
  function: "cf",
};

/** What differs between two versions of code, file by file: lines in the tones of their language, changed words marked. */
import type { ReactNode } from "react";
import type { ShownCode, ShownFile, ShownPart } from "@/lib/compare/code/shown.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { Badge } from "../parts/badge.tsx";
import { BesideRows, UnifiedRows } from "./code-lines.tsx";

export type CodeLook = {
  /** Both sides beside each other, or one below the other. */
  isBeside: boolean;
  /** What both sides are called: `A` and `B`. */
  sides: { from: string; to: string };
};

type CodeDifferenceProps = CodeLook & {
  code: ShownCode;
  /** Where a file is shown by itself; null: nowhere. */
  hrefOf: ((file: string) => string) | null;
};

export function CodeDifference({ code, isBeside, sides, hrefOf }: CodeDifferenceProps) {
  return (
    <div className="grid gap-4">
      {code.files.map((file) => (
        <FileDifference
          key={`${file.sides} ${file.from} ${file.to}`}
          file={file}
          look={{ isBeside, sides }}
          href={hrefOf?.(nameOf(file)) ?? null}
        />
      ))}
      {code.beyond > 0 && <p className="text-sm text-muted">{countWords(code.beyond, "more file")} not shown.</p>}
      <Text label={`What else the patch of ${sides.from} says`} lines={code.loose.from} />
      <Text label={`What else the patch of ${sides.to} says`} lines={code.loose.to} />
    </div>
  );
}

export const nameOf = ({ from, to }: Pick<ShownFile, "from" | "to">): string => to ?? from ?? "";
/** What a fragment names a file's lines by. */
export const anchorOf = (file: Pick<ShownFile, "from" | "to" | "sides">): string => `${file.sides}:${nameOf(file)}`;

type FileDifferenceProps = { file: ShownFile; look: CodeLook; href: string | null };

function FileDifference({ file, look, href }: FileDifferenceProps) {
  const name = nameOf(file);
  return (
    <section
      id={anchorOf(file)}
      aria-label={name}
      className="min-w-0 scroll-mt-10 overflow-clip rounded-md border border-line"
    >
      <h3 className="sticky top-(--code-top,0px) z-10 flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-surface px-3 py-1 text-sm">
        <span className="font-mono text-xs wrap-anywhere">
          {file.from !== null && file.to !== null && file.from !== file.to && (
            <span className="text-muted">{file.from} → </span>
          )}
          <bdi>{name}</bdi>
        </span>
        <FileMarks file={file} sides={look.sides} />
        <LineCounts {...file} className="ml-auto" />
      </h3>
      {file.blocks?.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks never move
        <div key={at} className={at > 0 ? "border-t border-line-strong border-dashed" : ""}>
          {block.parts.map((part, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts never move
            <Part key={place} part={part} look={look} />
          ))}
        </div>
      ))}
      <Unshown file={file} href={href} />
      <Text label={`Lines of ${name} that are no patch`} lines={file.damaged} count={file.damagedLines} />
    </section>
  );
}

/** Lines that only one side has, as numbers with their signs. */
export const LineCounts = ({
  added,
  removed,
  className = "",
}: {
  added: number;
  removed: number;
  className?: string;
}) =>
  added + removed === 0 ? null : (
    <span className={`flex gap-2 font-mono text-xs ${className}`}>
      <span className="text-finished">+{numberWords(added)}</span>
      <span className="text-failed">−{numberWords(removed)}</span>
    </span>
  );

function FileMarks({ file, sides }: { file: ShownFile; sides: CodeLook["sides"] }) {
  const { from, to } = file.modes;
  const marks: ReactNode[] = [
    file.sides === "from-commit" && `${sides.from} against its commit`,
    file.sides === "to-commit" && `${sides.to} against its commit`,
    file.isBinary && "binary",
    file.from === null && `not in ${sides.from}`,
    file.to === null && `not in ${sides.to}`,
    file.from !== null && file.to !== null && from !== to && `mode ${from ?? "unknown"} → ${to ?? "unknown"}`,
    file.damagedLines > 0 && "damaged",
    file.isCut && file.damagedLines === 0 && "cut",
  ].filter(Boolean);
  return marks.map((mark) => <Badge key={String(mark)}>{mark}</Badge>);
}

/** Why there are no lines, or not all. */
function Unshown({ file, href }: { file: ShownFile; href: string | null }) {
  const { lines, shownLines } = file;
  if (file.isBinary) return <Note>Its content is no text; the patch holds none of it to compare.</Note>;
  if (lines === 0 && file.damagedLines === 0) return <Note>No line differs.</Note>;
  if (lines === shownLines) return null;
  if (shownLines > 0)
    return (
      <Note>
        The first {numberWords(shownLines)} of {countWords(lines, "line")}; the whole patch has all.
      </Note>
    );
  return (
    <Note>
      {countWords(lines, "line")},{" "}
      {href === null ? (
        "not shown here"
      ) : (
        <a href={href} className="text-accent hover:underline">
          show this file
        </a>
      )}
      .
    </Note>
  );
}

const Note = ({ children }: { children: ReactNode }) => <p className="px-3 py-1.5 text-xs text-muted">{children}</p>;

function Part({ part, look }: { part: ShownPart; look: CodeLook }) {
  const lines = <Lines part={part} look={look} />;
  if (!part.isFolded) return lines;
  return (
    <details className="group/fold">
      <summary className="flex h-6 cursor-pointer items-center gap-2 bg-accent-soft px-3 text-xs text-accent select-none">
        <span className="group-open/fold:hidden">Show</span>
        <span className="hidden group-open/fold:inline">Hide</span>
        {countWords(part.rows.length, "line")} alike
      </summary>
      {lines}
    </details>
  );
}

function Lines({ part, look: { isBeside, sides } }: { part: ShownPart; look: CodeLook }) {
  const number = <col className="w-10" />;
  const sign = <col className="w-4" />;
  return (
    <table className="code-lines w-full table-fixed font-mono text-xs leading-5">
      <colgroup>
        {number}
        {isBeside ? (
          <>
            {sign}
            <col />
            {number}
          </>
        ) : (
          number
        )}
        {sign}
        <col />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Line of {sides.from}</th>
          {isBeside && (
            <>
              <th scope="col">Change</th>
              <th scope="col">{sides.from}</th>
            </>
          )}
          <th scope="col">Line of {sides.to}</th>
          <th scope="col">Change</th>
          <th scope="col">{isBeside ? sides.to : "Code"}</th>
        </tr>
      </thead>
      <tbody>{isBeside ? <BesideRows rows={part.rows} /> : <UnifiedRows rows={part.rows} />}</tbody>
    </table>
  );
}

/** Lines as they came. */
export function Text({ label, lines, count = lines.length }: { label: string; lines: string[]; count?: number }) {
  if (lines.length === 0) return null;
  return (
    <figure aria-label={label} className="border-t border-line">
      <figcaption className="px-3 pt-1.5 text-xs text-muted">
        {label}
        {count > lines.length && `: the first ${numberWords(lines.length)} of ${countWords(count, "line")}`}
      </figcaption>
      <pre className="px-3 pb-2 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">{lines.join("\n")}</pre>
    </figure>
  );
}

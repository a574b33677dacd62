/** Both command lines, with the words that differ. */
import type { ComparedCode } from "@/lib/compare/code/code.ts";

type CommandDifferenceProps = { compared: ComparedCode; sides: { from: string; to: string } };

export function CommandDifference({ compared, sides }: CommandDifferenceProps) {
  const { from, to, command } = compared;
  if (from.command === "" && to.command === "") return null;
  const isSame = from.command === to.command;
  return (
    <section aria-labelledby="command" className="border-t border-line px-4 py-4 text-sm md:px-6">
      <h3 id="command" className="pb-1 font-semibold">
        Command line
      </h3>
      {isSame ? (
        <p className="font-mono text-xs wrap-anywhere">
          {from.command} <span className="font-sans text-muted">(both)</span>
        </p>
      ) : (
        <dl className="code-lines grid grid-cols-[auto_minmax(0,1fr)] font-mono text-xs leading-5">
          {(["from", "to"] as const).map((side) => (
            <div key={side} className={`col-span-2 grid grid-cols-subgrid gap-x-3 px-2 code-${side}`}>
              <dt>
                {side === "from" ? "−" : "+"} {sides[side]}
              </dt>
              <dd className="wrap-anywhere whitespace-pre-wrap">
                <Marked text={compared[side].command || "none"} ranges={command?.[side] ?? []} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Marked({ text, ranges }: { text: string; ranges: [from: number, to: number][] }) {
  return (
    <>
      {ranges.map(([from, to], at) => (
        <span key={from}>
          {text.slice(at === 0 ? 0 : ranges[at - 1]![1], from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </>
  );
}

/** Files that git didn't know: their names alone were captured. */
import type { ComparedCode } from "@/lib/compare/code/code.ts";
import { countWords } from "@/lib/words/numbers.ts";

type UntrackedNamesProps = { untracked: ComparedCode["untracked"]; sides: { from: string; to: string } };

/** More names are counted. */
const NAMES_SHOWN = 200;

export function UntrackedNames({ untracked, sides }: UntrackedNamesProps) {
  const { from, to, both } = untracked;
  if (from.length + to.length + both === 0) return null;
  return (
    <section aria-labelledby="untracked" className="border-t border-line px-4 py-4 text-sm md:px-6">
      <h3 id="untracked" className="font-semibold">
        Untracked files
      </h3>
      <p className="text-muted">
        By name only: what they hold was not captured, and may differ.
        {both > 0 && sides.from !== sides.to && ` ${countWords(both, "name")} in both.`}
        {sides.from === sides.to && ` ${countWords(both, "name")}.`}
      </p>
      {(["from", "to"] as const).map(
        (side) =>
          untracked[side].length > 0 && (
            <div key={side} className="pt-2">
              <h4 className="text-xs text-muted">Only in {sides[side]}</h4>
              <ul className="font-mono text-xs leading-5">
                {untracked[side].slice(0, NAMES_SHOWN).map((name) => (
                  <li key={name} className="wrap-anywhere">
                    <bdi>{name}</bdi>
                  </li>
                ))}
              </ul>
              {untracked[side].length > NAMES_SHOWN && (
                <p className="text-xs text-muted">
                  and {countWords(untracked[side].length - NAMES_SHOWN, "more", "more")}
                </p>
              )}
            </div>
          ),
      )}
    </section>
  );
}

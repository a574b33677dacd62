import { numberWords } from "@/lib/words/numbers.ts";

/** A diff as git writes it: added and removed lines by colour and by their own sign. */

const LINES_OPEN = 40;
const LINES_MAX = 5_000;

const tones: [RegExp, string][] = [
  [/^(diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename )/, "text-muted"],
  [/^@@/, "text-accent"],
  [/^\+/, "bg-finished/10 text-finished"],
  [/^-/, "bg-failed/10 text-failed"],
];

const toneOf = (line: string) => tones.find(([pattern]) => pattern.test(line))?.[1] ?? "";

/** One block a file of the diff. Long diffs begin folded. */
export function Diff({ text }: { text: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  const shown = lines.slice(0, LINES_MAX);
  const added = lines.filter((line) => /^\+(?!\+\+ )/.test(line)).length;
  const removed = lines.filter((line) => /^-(?!-- )/.test(line)).length;
  return (
    <details open={lines.length <= LINES_OPEN} className="group rounded-md border border-line">
      <summary className="flex h-8 items-center gap-2 px-3 text-sm select-none">
        <span className="text-muted group-open:hidden">Show</span>
        <span className="hidden text-muted group-open:inline">Hide</span>
        {numberWords(lines.length)} lines
        <span className="text-finished">+{added}</span>
        <span className="text-failed">−{removed}</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways */}
      <pre tabIndex={0} className="overflow-x-auto border-t border-line py-2 font-mono text-xs leading-5">
        {/* as wide as its longest line, so that a line's colour reaches the end */}
        <code className="grid w-max min-w-full">
          {shown.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
            <span key={index} className={`px-3 whitespace-pre ${toneOf(line)}`}>
              {line || " "}
            </span>
          ))}
        </code>
      </pre>
      {lines.length > LINES_MAX && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-muted">
          The first {numberWords(LINES_MAX)} of {numberWords(lines.length)} lines; the API gives all.
        </p>
      )}
    </details>
  );
}

/** What a run's code changed of its commit: in the tones of its languages as far as there is room, and else as it is. */
import { CodeDifference, LineCounts } from "@/app/_ui/figures/code-difference.tsx";
import { showPatch } from "@/lib/compare/code/code.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { Diff } from "./diff.tsx";

export async function Patch({ text }: { text: string }) {
  const shown = await showPatch(text, null);
  if (!shown || shown.files.length === 0) return <Diff text={text} />;
  const isWhole = shown.beyond === 0 && shown.files.every(({ lines, shownLines }) => lines === shownLines);
  return (
    <div className="grid gap-4">
      <p className="flex gap-2 text-sm">
        {countWords(shown.files.length + shown.beyond, "file")}
        <LineCounts added={shown.added} removed={shown.removed} />
      </p>
      <CodeDifference code={shown} isBeside={false} sides={{ from: "the commit", to: "this run" }} hrefOf={null} />
      {!isWhole && <Diff text={text} />}
    </div>
  );
}

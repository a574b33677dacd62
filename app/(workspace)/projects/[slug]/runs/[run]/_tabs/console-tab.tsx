import { SquareTerminal } from "lucide-react";
import { CopyButton } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { readConsole } from "@/lib/artifacts/contents.ts";
import { bytesWords } from "@/lib/words/numbers.ts";
import type { TabProps } from "./tab.ts";
import { TabSection } from "./tab-section.tsx";

/** What each process of a run printed. */
export async function ConsoleTab({ run, member }: TabProps) {
  const { parts, leftOut } = await readConsole(member, run.id, await listArtifacts(member, run.id));
  if (parts.length === 0)
    return (
      <Empty icon={SquareTerminal} title="Nothing printed">
        <p>
          What the trainer's process prints is kept with the run, without colours and with what looks like a secret
          replaced, a few seconds after it is said; <code>console: false</code> leaves it out.
        </p>
      </Empty>
    );
  return (
    <>
      {leftOut > 0 && (
        <p className="px-4 pt-3 text-sm text-muted md:px-6">
          {bytesWords(leftOut)} that are older are among the files, under console/.
        </p>
      )}
      {parts.map(({ startedAt, text }, index) => (
        <TabSection
          key={startedAt}
          title={parts.length > 1 ? `Process ${index + 1}` : "Output"}
          actions={<CopyButton text={text} label="Copy" />}
        >
          <p className="pb-2 text-xs text-muted">
            from <Time at={startedAt} />
          </p>
          <div className="rounded-md border border-line bg-surface">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it */}
            <pre tabIndex={0} className="max-h-160 overflow-auto px-3 py-2 font-mono text-xs leading-5">
              {text}
            </pre>
          </div>
        </TabSection>
      ))}
    </>
  );
}

import { FileCode } from "lucide-react";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { CopyButton, Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { FactsTable } from "./facts-table.tsx";
import { Patch } from "./patch.tsx";
import type { TabProps } from "./tab.ts";
import { TabSection } from "./tab-section.tsx";

/** The code that ran, as far as the trainer captured it. */
export function CodeTab({ run: { code } }: Pick<TabProps, "run">) {
  if (!code)
    return (
      <Empty icon={FileCode} title="No code was captured">
        <p>
          The trainer's client notes commit, branch, diff and command line, with what looks like a secret replaced. This
          run was logged without it.
        </p>
      </Empty>
    );
  const commit = code.commit && (
    <span className="inline-flex flex-wrap items-center gap-2">
      <span title={code.commit}>{code.commit.slice(0, 12)}</span>
      <CopyButton text={code.commit} label="Copy the whole commit" icon />
      {code.dirty && (
        <Badge tone="warning">
          <span title="The working folder differed from the commit">uncommitted changes</span>
        </Badge>
      )}
    </span>
  );
  return (
    <>
      <TabSection title="Source">
        <FactsTable
          label="Source"
          facts={[
            ["repository", code.repository ?? "none"],
            ["branch", code.branch ?? "none"],
            ["commit", commit ?? "none"],
          ]}
        />
      </TabSection>
      {code.command && (
        <TabSection title="Command line">
          <Snippet text={code.command} label="Copy the command line" />
        </TabSection>
      )}
      {code.diff && (
        <TabSection title="Changes against the commit">
          <Patch text={code.diff} />
        </TabSection>
      )}
      {code.untracked.length > 0 && (
        <TabSection title="Untracked files">
          <p className="pb-1 text-sm text-muted">By name only; their content was not captured.</p>
          <ul className="font-mono text-xs leading-5">
            {code.untracked.map((name) => (
              <li key={name} className="wrap-anywhere">
                {name}
              </li>
            ))}
          </ul>
        </TabSection>
      )}
    </>
  );
}

/** The code of the runs: which ran the same, and what differs between two versions, file by file. */
import { FileCode } from "lucide-react";
import { Suspense } from "react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { chooseVersions, codeVersions } from "@/lib/compare/code/versions.ts";
import { countWords } from "@/lib/words/numbers.ts";
import type { CompareTabProps } from "../tab.ts";
import { readCodeState } from "./code-address.ts";
import { VersionDifference } from "./version-difference.tsx";
import { VersionsTable } from "./versions-table.tsx";

export function CodeTab({ member, project, facts, params }: CompareTabProps) {
  const { runs, baseline } = facts;
  const versions = codeVersions(runs, baseline);
  const state = readCodeState(params);
  const chosen = chooseVersions(versions, { ...state, baseline });
  if (versions.every(({ code }) => code === null))
    return (
      <Empty icon={FileCode} title="No code was captured">
        <p>The trainer's client notes commit, patch and command line. These runs were logged without it.</p>
      </Empty>
    );
  const key = [chosen.from.runs[0]!.id, chosen.to.runs[0]!.id, state.file].join(" ");
  return (
    <>
      <section aria-label="Versions of the code" className="px-4 pt-4 md:px-6">
        <h2 className="text-sm font-semibold">
          {versions.length === 1
            ? `One version of the code in ${countWords(runs.length, "run")}`
            : `${countWords(versions.length, "version")} of the code in ${countWords(runs.length, "run")}`}
        </h2>
        <VersionsTable slug={project.slug} versions={versions} chosen={chosen} baseline={baseline} params={params} />
      </section>
      {/* the table is there at once; a thread compares the patches meanwhile */}
      <Suspense key={key} fallback={<p className="min-h-screen px-4 py-4 text-sm text-muted md:px-6">Comparing …</p>}>
        <VersionDifference member={member} project={project.id} chosen={chosen} state={state} params={params} />
      </Suspense>
    </>
  );
}

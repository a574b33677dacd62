/** A version of the code a row: its commit, its runs, and whether it is one of the two that are compared. */
import { Circle, CircleDot } from "lucide-react";
import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { runHref } from "@/app/paths.ts";
import { commitUrl } from "@/lib/compare/code/repository.ts";
import type { ChosenVersions, CodeVersion } from "@/lib/compare/code/versions.ts";
import type { ComparedRun } from "@/lib/wire/comparison.ts";
import { countWords } from "@/lib/words/numbers.ts";
import type { SearchParams } from "../compare-address.ts";
import { codeHref } from "./code-address.ts";

/** More runs of a version are counted. */
const RUNS_SHOWN = 6;

type VersionsTableProps = {
  slug: string;
  versions: CodeVersion[];
  chosen: ChosenVersions;
  baseline: string;
  params: SearchParams;
};

export function VersionsTable({ slug, versions, chosen, baseline, params }: VersionsTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways
    <section tabIndex={0} aria-label="Versions" className="overflow-x-auto py-2">
      <table className="table flush dense">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Version</th>
            <th scope="col">Commit</th>
            <th scope="col">Branch</th>
            <th scope="col">Working folder</th>
            <th scope="col">Runs</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.letter}>
              {(["from", "to"] as const).map((side) => (
                <td key={side}>
                  <Choice
                    side={side}
                    letter={version.letter}
                    isChosen={chosen[side] === version}
                    href={codeHref(params, { [side]: version.runs[0]!.id, file: "" })}
                  />
                </td>
              ))}
              <th scope="row">{version.letter}</th>
              <CodeCells code={version.code} />
              <td>
                <Runs slug={slug} version={version} baseline={baseline} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type ChoiceProps = { side: "from" | "to"; letter: string; isChosen: boolean; href: string };

function Choice({ side, letter, isChosen, href }: ChoiceProps) {
  const Icon = isChosen ? CircleDot : Circle;
  return (
    <Link
      prefetch={false}
      href={href}
      scroll={false}
      aria-current={isChosen || undefined}
      aria-label={`Compare ${side} ${letter}`}
      className={`flex size-6 items-center justify-center rounded-md hover:bg-hover ${isChosen ? "text-accent" : "text-muted"}`}
    >
      <Icon aria-hidden className="size-4" />
    </Link>
  );
}

function CodeCells({ code }: { code: ComparedRun["code"] }) {
  if (!code)
    return (
      <td colSpan={3} className="text-muted">
        no code was captured
      </td>
    );
  const { repository, commit, branch, dirty } = code;
  const url = commitUrl(repository, commit);
  const short = commit?.slice(0, 12);
  return (
    <>
      <td className="font-mono text-xs" title={commit ?? undefined}>
        {url === null ? (
          (short ?? "none")
        ) : (
          <a href={url} className="text-accent hover:underline">
            {short}
          </a>
        )}
      </td>
      <td className="max-w-60 truncate" title={branch ?? undefined}>
        {branch ?? "none"}
      </td>
      <td>{dirty ? <Badge tone="warning">uncommitted changes</Badge> : <span className="text-muted">clean</span>}</td>
    </>
  );
}

function Runs({ slug, version, baseline }: { slug: string; version: CodeVersion; baseline: string }) {
  const { runs, replicates } = version;
  return (
    <span className="flex items-center gap-2">
      {runs.slice(0, RUNS_SHOWN).map(({ id, name }) => (
        <Link
          key={id}
          prefetch={false}
          href={runHref(slug, id)}
          title={name}
          className="max-w-60 truncate hover:underline"
        >
          {name}
          {id === baseline && <span className="text-muted"> (baseline)</span>}
        </Link>
      ))}
      {runs.length > RUNS_SHOWN && (
        <span className="text-muted">and {countWords(runs.length - RUNS_SHOWN, "more")}</span>
      )}
      {replicates.length > 0 && (
        <Badge tone="warning">{countWords(replicates.length, "replicate")} of the baseline, with other code</Badge>
      )}
    </span>
  );
}

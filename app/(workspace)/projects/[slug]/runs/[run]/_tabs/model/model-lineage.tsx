import Link from "next/link";
import type { ReactNode } from "react";
import { runHref } from "@/app/paths.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { FactsTable } from "../facts-table.tsx";

type LineageProps = { run: RunDetail };

/** Which run's weights a run began with, which runs began with its own, and what that means for the test split. */
export function Lineage({ run }: LineageProps) {
  const { parent, relatives } = run;
  if (!parent && relatives.children.length === 0)
    return <p className="text-sm text-muted">Its weights were drawn by the seed, and no run began as them.</p>;
  const facts: [string, ReactNode][] = [];
  if (parent)
    facts.push(
      [
        "began as",
        relatives.parent ? (
          <RunLink key="parent" run={run} to={relatives.parent} />
        ) : (
          `run ${parent.run}, which is gone`
        ),
      ],
      ["checkpoint", `${parent.checkpoint}, SHA-256 ${parent.sha256.slice(0, 12)}`],
      ["its training and this test split", <Overlap key="overlap" seen={parent.testSamplesSeen} />],
    );
  if (relatives.children.length > 0)
    facts.push([
      "runs that began as it",
      <span key="children" className="flex flex-wrap gap-x-3">
        {relatives.children.map((child) => (
          <RunLink key={child.id} run={run} to={child} />
        ))}
      </span>,
    ]);
  return <FactsTable label="Lineage" mono={false} facts={facts} />;
}

const RunLink = ({ run, to }: LineageProps & { to: { id: string; name: string } }) => (
  <Link prefetch={false} href={runHref(run.slug, to.id, "model")} className="hover:underline">
    {to.name}
  </Link>
);

/** `seen`: how many samples of the test split the weights were trained on; null: nobody knows. */
function Overlap({ seen }: { seen: number | null }) {
  if (seen === null) return <span className="text-warning">nobody knows: a run in this line cites no manifest</span>;
  if (seen === 0) return "share no sample";
  return <span className="text-danger">share {countWords(seen, "sample")}: its test numbers would be too good</span>;
}

import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { loopHref, runHref } from "@/app/paths.ts";
import type { RulingAnswer, RulingWord } from "@/lib/wire/studies/loops.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";
import { numberWords, significantWords } from "@/lib/words/numbers.ts";
import { rulingSentence } from "@/lib/words/studies/loop-words.ts";
import { rulingWords } from "@/lib/words/studies/ruling-words.ts";

const SHOWN = 50;

const tones: Record<RulingWord, "accent" | "plain" | "warning"> = {
  keep: "accent",
  discard: "plain",
  "run-again": "warning",
  refused: "plain",
};

type RulingsProps = { rulings: RulingAnswer[]; study: Study; showsAll: boolean };

/** Every ruling, the newest first, with its reason and its figures. */
export function Rulings({ rulings, study, showsAll }: RulingsProps) {
  const shown = showsAll ? rulings : rulings.slice(0, SHOWN);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <WideTable label="Table of rulings">
        <table className="table bleed">
          <thead>
            <tr>
              <th className="number">No.</th>
              <th>Ruling</th>
              <th>Because</th>
              <th className="number">Level</th>
              <th>Candidate</th>
              <th>By</th>
              <th>When</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((ruling) => (
              <RulingRow key={ruling.id} ruling={ruling} slug={study.project} />
            ))}
          </tbody>
        </table>
      </WideTable>
      {shown.length < rulings.length && (
        <p className="text-sm">
          <Link href={loopHref(study.project, study.number, "rulings=all")} prefetch={false} className="underline">
            All {numberWords(rulings.length)} rulings
          </Link>
        </p>
      )}
    </div>
  );
}

const RulingRow = ({ ruling, slug }: { ruling: RulingAnswer; slug: string }) => (
  <tr>
    <td className="number text-muted">{ruling.number}</td>
    <td>
      <Badge tone={tones[ruling.ruling]}>{rulingWords(ruling.ruling)}</Badge>
    </td>
    <td className="min-w-80 whitespace-normal">{rulingSentence(ruling)}</td>
    <td className="number text-muted">{ruling.figures ? significantWords(ruling.figures.level, 2) : ""}</td>
    <td>
      {ruling.run && (
        <Link href={runHref(slug, ruling.run)} prefetch={false} className="font-mono text-xs hover:text-accent">
          {ruling.recipe.slice(0, 8)}
        </Link>
      )}
    </td>
    <td className="text-muted">{ruling.askedBy}</td>
    <td className="text-muted">{ruling.ruledAt && <Time at={ruling.ruledAt} />}</td>
  </tr>
);

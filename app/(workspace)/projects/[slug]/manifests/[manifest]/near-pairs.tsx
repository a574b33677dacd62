"use client";
/** Near duplicates side by side: a person says which show the same; then the split is made again. */
import { useState, useTransition } from "react";
import { Button } from "@/app/_ui/button.tsx";
import { useToast } from "@/app/_ui/toast.tsx";
import type { NearPair, NearPairCounts } from "@/lib/manifests/report.ts";
import { judgePairsAction, repairAction } from "../manifest-actions.ts";
import { familiesOf } from "./pair-families.ts";
import { Thumbnail } from "./thumbnail.tsx";

type NearPairsProps = {
  place: { projectId: string; slug: string; manifest: string };
  /** Those that are shown, of `counts.total`. */ pairs: NearPair[];
  counts: NearPairCounts;
  canJudge: boolean;
};
type Judge = (pairs: NearPair[], same: boolean) => void;

const isOpen = ({ same }: NearPair): boolean => same === null;

export function NearPairs({ place, pairs, counts, canJudge }: NearPairsProps) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const [limit, setLimit] = useState(24);
  const judge: Judge = (chosen, same) =>
    startTransition(async () => {
      const keys = chosen.map(({ aKey, bKey }): [string, string] => [aKey, bKey]);
      const outcome = await judgePairsAction(place.projectId, place.manifest, keys, same);
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
    });
  const repair = () =>
    startTransition(async () => {
      const outcome = await repairAction(place.slug, place.projectId, place.manifest);
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
    });
  const shown = pairs.slice(0, limit);
  const open = shown.filter(isOpen);
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2">
        {canJudge && (
          <>
            <Button look="primary" disabled={pending || counts.confirmed === 0} onClick={repair}>
              Make the repaired manifest
            </Button>
            <Button disabled={pending || open.length === 0} onClick={() => judge(open, true)}>
              {open.length === 1 ? "Confirm the open one shown" : `Confirm the ${open.length} open ones shown`}
            </Button>
          </>
        )}
        <span className="text-sm text-muted" aria-live="polite">
          {countWords(counts)}
        </span>
      </div>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(280px,1fr))] gap-3">
        {familiesOf(shown).map((family) => (
          <Family
            key={`${family[0]!.aKey}\n${family[0]!.bKey}`}
            place={place}
            family={family}
            judge={canJudge ? judge : null}
            pending={pending}
          />
        ))}
      </ul>
      {pairs.length > limit ? (
        <Button className="justify-self-start" onClick={() => setLimit(limit + 48)}>
          Show more
        </Button>
      ) : (
        counts.total > pairs.length && (
          <p className="text-sm text-muted">
            {pairs.length.toLocaleString("en")} of {counts.total.toLocaleString("en")} pairs are shown; the next come
            when these are judged.
          </p>
        )
      )}
    </div>
  );
}

function countWords({ total, confirmed, toldApart }: NearPairCounts): string {
  const words = [`${confirmed.toLocaleString("en")} of ${total.toLocaleString("en")} confirmed`];
  if (toldApart > 0) words.push(`${toldApart.toLocaleString("en")} told apart`);
  const open = total - confirmed - toldApart;
  if (open > 0) words.push(`${open.toLocaleString("en")} open`);
  return words.join(", ");
}

type FamilyProps = {
  place: NearPairsProps["place"];
  family: NearPair[];
  /** Null where the member may not judge. */ judge: Judge | null;
  pending: boolean;
};

/** A pair; or several that hang together by samples they share, with one word for all. */
function Family({ place, family, judge, pending }: FamilyProps) {
  const open = family.filter(isOpen);
  const pairs = family.map((pair) => (
    <div key={`${pair.aKey}\n${pair.bKey}`} className="grid gap-2 rounded-md border border-line p-3 text-xs">
      <Pair place={place} pair={pair} />
      {judge && (
        <div className="flex items-center gap-2">
          {([true, false] as const).map((same) => (
            <Button
              key={String(same)}
              look={pair.same === same ? "primary" : "plain"}
              aria-pressed={pair.same === same}
              disabled={pending}
              onClick={() => judge([pair], same)}
            >
              {same ? "The same" : "Not the same"}
            </Button>
          ))}
          {pair.judgedBy && <span className="truncate text-muted">{pair.judgedBy}</span>}
        </div>
      )}
    </div>
  ));
  if (family.length === 1) return <li className="grid">{pairs}</li>;
  const samples = new Set(family.flatMap(({ aKey, bKey }) => [aKey, bKey])).size;
  return (
    <li className="col-span-full grid gap-3 border-l-2 border-line-strong pl-3">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span>
          A family: {family.length} pairs of {samples} samples
        </span>
        {judge && open.length > 0 && (
          <Button disabled={pending} onClick={() => judge(open, true)}>
            All the same
          </Button>
        )}
      </div>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,260px),1fr))] gap-3">{pairs}</div>
    </li>
  );
}

function Pair({ place, pair }: { place: NearPairsProps["place"]; pair: NearPair }) {
  const sides = [
    [pair.aKey, pair.aSplit, pair.aText],
    [pair.bKey, pair.bSplit, pair.bText],
  ] as const;
  return (
    <div className="grid grid-cols-2 gap-3">
      {sides.map(([key, split, text]) => (
        <div key={key} className="grid content-start gap-1">
          {pair.hasThumbnails && <Thumbnail place={place} sampleKey={key} size={96} />}
          {text && <p className="max-h-40 overflow-y-auto wrap-anywhere">{text}</p>}
          <span className="font-mono wrap-anywhere">{key}</span>
          <span className="text-muted">{split}</span>
        </div>
      ))}
      <span className="col-span-2 text-muted">
        alike to {pair.similarity.toFixed(3)}
        {pair.mirrored && ", mirrored"}
      </span>
    </div>
  );
}

"use client";
/** Near duplicates side by side: a person says which show the same; then the split is made again. */
import { useState, useTransition } from "react";
import { Button } from "@/app/_ui/button.tsx";
import { useToast } from "@/app/_ui/toast.tsx";
import type { NearPair } from "@/lib/manifests/report.ts";
import { judgePairsAction, repairAction } from "../manifest-actions.ts";
import { Thumbnail } from "./thumbnail.tsx";

type NearPairsProps = {
  place: { projectId: string; slug: string; manifest: string };
  pairs: NearPair[];
  canJudge: boolean;
};
type Keys = [string, string];

export function NearPairs({ place, pairs, canJudge }: NearPairsProps) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const [shown, setShown] = useState(24);
  const judge = (chosen: NearPair[], same: boolean) =>
    startTransition(async () => {
      const keys = chosen.map(({ aKey, bKey }): Keys => [aKey, bKey]);
      const outcome = await judgePairsAction(place.projectId, place.manifest, keys, same);
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
    });
  const repair = () =>
    startTransition(async () => {
      const outcome = await repairAction(place.slug, place.projectId, place.manifest);
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
    });
  const confirmed = pairs.filter(({ same }) => same).length;
  const toldApart = pairs.filter(({ same }) => same === false).length;
  const open = pairs.filter(({ same }) => same === null);
  return (
    <div className="grid gap-4">
      {canJudge && (
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" disabled={pending || confirmed === 0} onClick={repair}>
            Make the repaired manifest
          </Button>
          <Button disabled={pending || open.length === 0} onClick={() => judge(open, true)}>
            {open.length === 1 ? "Confirm the one that is open" : `Confirm all ${open.length} that are open`}
          </Button>
          <span className="text-sm text-muted" aria-live="polite">
            {confirmed} of {pairs.length} confirmed{toldApart > 0 && `, ${toldApart} told apart`}
          </span>
        </div>
      )}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(280px,1fr))] gap-3">
        {pairs.slice(0, shown).map((pair) => (
          <li key={`${pair.aKey}\n${pair.bKey}`} className="grid gap-2 rounded-md border border-line p-3 text-xs">
            <Pair place={place} pair={pair} />
            {canJudge && (
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
          </li>
        ))}
      </ul>
      {pairs.length > shown && (
        <Button className="justify-self-start" onClick={() => setShown(shown + 48)}>
          Show more of {pairs.length}
        </Button>
      )}
    </div>
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

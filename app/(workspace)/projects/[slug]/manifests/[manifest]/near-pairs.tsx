"use client";
/** Near duplicates side by side: a person says which show the same; then the split is made again. */
import Link from "next/link";
import { useTransition } from "react";
import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { NearFamily, NearPage, NearPair, NearPairCounts, NearPairsShown } from "@/lib/checks/near/near-pairs.ts";
import { decimalWords, numberWords } from "@/lib/words/numbers.ts";
import { judgePairsAction, repairAction } from "../manifest-actions.ts";
import { PairRows } from "./pair-rows.tsx";

type NearPairsProps = {
  place: { projectId: string; slug: string; manifest: string };
  page: NearPage;
  shown: NearPairsShown;
  counts: NearPairCounts;
  canJudge: boolean;
};
type Judge = (pairs: NearPair[], same: boolean, families?: boolean) => void;

const PAGE = 48;
const isOpen = ({ same }: NearPair): boolean => same === null;

export function NearPairs({ place, page, shown, counts, canJudge }: NearPairsProps) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const judge: Judge = (chosen, same, families = false) =>
    startTransition(async () => {
      const pairs = chosen.map(({ aKey, bKey }): [string, string] => [aKey, bKey]);
      const outcome = await judgePairsAction(place.projectId, place.manifest, { pairs, same, families });
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
    });
  const repair = () =>
    startTransition(async () => {
      const outcome = await repairAction(place.slug, place.projectId, place.manifest);
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
    });
  const pairs = page.families.flatMap((family) => family.pairs);
  const open = pairs.filter(isOpen);
  return (
    <div className="grid gap-4">
      {canJudge && (
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" disabled={pending || counts.confirmed === 0} onClick={repair}>
            Make the repaired manifest
          </Button>
          <Button disabled={pending || open.length === 0} onClick={() => judge(open, true)}>
            {open.length === 1 ? "Confirm the open one shown" : `Confirm the ${open.length} open ones shown`}
          </Button>
        </div>
      )}
      <PairFilter shown={shown} counts={counts} />
      {pairs.length === 0 && <p className="text-sm text-muted">There are none of these.</p>}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,280px),1fr))] gap-3">
        {page.families.map((family) => (
          <PairFamily
            key={`${family.pairs[0]!.aKey}\n${family.pairs[0]!.bKey}`}
            place={place}
            family={family}
            judge={canJudge ? judge : null}
            pending={pending}
          />
        ))}
      </ul>
      <PairPages shown={shown} page={page} count={pairs.length} />
    </div>
  );
}

const addressOf = (shown: NearPairsShown, from = 0): string => {
  const query = new URLSearchParams({
    ...(shown === "all" ? {} : { pairs: shown }),
    ...(from ? { from: String(from) } : {}),
  });
  return `?${query}#near-duplicates`;
};

/** Which pairs are shown, and how many there are of each. */
function PairFilter({ shown, counts }: Pick<NearPairsProps, "shown" | "counts">) {
  const { total, confirmed, toldApart } = counts;
  const kinds: [NearPairsShown, string, number][] = [
    ["all", "All", total],
    ["open", "Open", total - confirmed - toldApart],
    ["confirmed", "Confirmed", confirmed],
    ["apart", "Told apart", toldApart],
  ];
  return (
    <nav aria-label="Which pairs are shown" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {kinds.map(([kind, word, count]) => (
        <Link
          key={kind}
          href={addressOf(kind)}
          prefetch={false}
          scroll={false}
          aria-current={kind === shown ? "true" : undefined}
          className={kind === shown ? "font-medium" : "text-muted hover:text-text"}
        >
          {word} <span className="tabular-nums">{numberWords(count)}</span>
        </Link>
      ))}
    </nav>
  );
}

function PairPages({ shown, page, count }: { shown: NearPairsShown; page: NearPage; count: number }) {
  const { from, total } = page;
  if (total <= count) return null;
  const link = "rounded-sm px-1 text-text underline decoration-line-strong underline-offset-4 hover:text-accent";
  return (
    <nav aria-label="Pages of pairs" className="flex flex-wrap items-center gap-3 text-sm text-muted">
      {from > 0 && (
        <Link className={link} prefetch={false} href={addressOf(shown, Math.max(0, from - PAGE))}>
          Before
        </Link>
      )}
      <span className="tabular-nums">
        {numberWords(from + 1)}–{numberWords(from + count)} of {numberWords(total)} pairs
      </span>
      {from + count < total && (
        <Link className={link} prefetch={false} href={addressOf(shown, from + count)}>
          Next
        </Link>
      )}
    </nav>
  );
}

type PairFamilyProps = {
  place: NearPairsProps["place"];
  family: NearFamily;
  /** Null where the member may not judge. */
  judge: Judge | null;
  pending: boolean;
};

/** A pair, or several pairs that share samples and can be judged together. */
function PairFamily({ place, family, judge, pending }: PairFamilyProps) {
  const pairs = family.pairs.map((pair) => (
    <div
      key={`${pair.aKey}\n${pair.bKey}`}
      className="grid content-start gap-2 rounded-md border border-line p-3 text-xs"
    >
      <PairSides place={place} pair={pair} />
      {judge && (
        <div className="flex flex-wrap items-center gap-2">
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
  if (family.pairCount === 1) return <li className="grid">{pairs}</li>;
  const hidden = family.pairCount - family.pairs.length;
  return (
    <li className="col-span-full grid gap-3 border-l-2 border-line-strong pl-3">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span>
          A family: {numberWords(family.pairCount)} pairs of {numberWords(family.sampleCount)} samples
          {hidden > 0 && `, ${numberWords(family.pairs.length)} of them here`}
        </span>
        {judge && family.openCount > 0 && (
          <>
            <Button disabled={pending} onClick={() => judge(family.pairs.slice(0, 1), true, true)}>
              All the same
            </Button>
            <Button disabled={pending} onClick={() => judge(family.pairs.slice(0, 1), false, true)}>
              None the same
            </Button>
          </>
        )}
      </div>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,260px),1fr))] gap-3">{pairs}</div>
    </li>
  );
}

function PairSides({ place, pair }: { place: NearPairsProps["place"]; pair: NearPair }) {
  const sides = [
    [pair.aKey, pair.aSplit, pair.aText],
    [pair.bKey, pair.bSplit, pair.bText],
  ] as const;
  return (
    <div className="grid grid-cols-2 content-start gap-3">
      {sides.map(([key, split, text]) => (
        <div key={key} className="grid content-start gap-1">
          {pair.hasThumbnails && <Thumbnail place={place} sampleKey={key} size={96} />}
          {text && <p className="max-h-40 overflow-y-auto wrap-anywhere">{text}</p>}
          <span className="font-mono wrap-anywhere">{key}</span>
          <span className="text-muted">{split}</span>
        </div>
      ))}
      {pair.aFeatures && pair.bFeatures && <PairRows a={pair.aFeatures} b={pair.bFeatures} />}
      <span className="col-span-2 text-muted">
        alike to {decimalWords(pair.similarity, 3)}
        {pair.mirrored && ", mirrored"}
      </span>
    </div>
  );
}

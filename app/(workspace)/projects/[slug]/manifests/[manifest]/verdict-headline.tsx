/** What the checks come to: the verdict, how many came to what, and the one thing to do, with its button beside it. */
import {
  CircleCheck,
  CircleQuestionMark,
  ListChecks,
  type LucideIcon,
  OctagonX,
  Split as SplitIcon,
  TriangleAlert,
  Wrench,
} from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { newManifestHref } from "@/app/paths.ts";
import type { NextAct } from "@/lib/checks/next-act.ts";
import type { Check } from "@/lib/wire/data/checks.ts";
import type { Manifest, ManifestVerdict } from "@/lib/wire/data/manifests.ts";
import { checkTitle, checkWords } from "@/lib/words/check-words.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { headlineWords, tallyWords } from "@/lib/words/verdicts.ts";
import { repairAction } from "../manifest-actions.ts";
import { checkId } from "./check-id.ts";

const looks: Record<ManifestVerdict, { icon: LucideIcon; colour: string; ground: string }> = {
  pass: { icon: CircleCheck, colour: "text-finished", ground: "" },
  "cannot-tell": { icon: CircleQuestionMark, colour: "text-text", ground: "" },
  warn: { icon: TriangleAlert, colour: "text-warning", ground: "bg-warning-soft" },
  block: { icon: OctagonX, colour: "text-danger", ground: "bg-danger-soft" },
};

type VerdictHeadlineProps = {
  projectId: string;
  manifest: Pick<Manifest, "id" | "project" | "dataset"> & { verdict: ManifestVerdict };
  checks: Check[];
  act: NextAct;
  /** Whether the member may make manifests. */
  canMake: boolean;
  /** How the block may be lifted, or was. */
  children?: ReactNode;
};

export function VerdictHeadline({ projectId, manifest, checks, act, canMake, children }: VerdictHeadlineProps) {
  const { icon: Icon, colour, ground } = looks[manifest.verdict];
  return (
    <section
      aria-label="What the checks come to"
      className={`grid gap-3 border-b border-line px-4 py-4 md:px-6 ${ground}`}
    >
      <div className="grid gap-0.5">
        <p className={`flex items-start gap-2 text-base font-medium ${colour}`}>
          <Icon aria-hidden className="mt-1 size-4 shrink-0" />
          {headlineWords(manifest.verdict)}
        </p>
        <p className="pl-6 text-sm">{tallyWords(checks)}</p>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pl-6 text-sm">
        <OneThing projectId={projectId} manifest={manifest} checks={checks} act={act} canMake={canMake} />
      </div>
      {children}
    </section>
  );
}

function OneThing({ projectId, manifest, checks, act, canMake }: Omit<VerdictHeadlineProps, "children">) {
  switch (act.kind) {
    case "repair":
      return canMake ? (
        <>
          <ActButton action={repairAction.bind(null, manifest.project, projectId, manifest.id)} done="Repaired">
            <Wrench aria-hidden />
            Make the repaired manifest
          </ActButton>
          <span>{repairWords(act.check === "near-duplicates")}</span>
        </>
      ) : (
        <span>A member can make the repaired manifest.</span>
      );
    case "judge-pairs":
      return (
        <>
          <JumpTo id="near-duplicates">Look at the pairs</JumpTo>
          <span>Say of {countWords(act.open, "pair")} whether both show the same.</span>
        </>
      );
    case "split-anew":
      return (
        <>
          {canMake && (
            <Link
              href={newManifestHref(manifest.project, new URLSearchParams(manifest.dataset).toString())}
              prefetch={false}
              className={buttonClass()}
            >
              <SplitIcon aria-hidden />
              Split the dataset anew
            </Link>
          )}
          <span>
            {checkTitle(act.check)}:{" "}
            {act.method === "time"
              ? "split it by time, so that tests come last."
              : "split it stratified, so that each class has its share."}
          </span>
        </>
      );
    case "look":
      return (
        <>
          <JumpTo id={checkId(act.check)}>{checkTitle(act.check)}</JumpTo>
          <span className="max-w-[80ch]">
            {checks.filter(({ name }) => name === act.check).map((check) => checkWords(check))}
          </span>
        </>
      );
    case "cite":
      return <Snippet text={`npx --no-install holdout train --manifest ${manifest.id}`} label="Copy the command" />;
  }
}

const repairWords = (isPairs: boolean): string =>
  isPairs
    ? "The confirmed pairs go together."
    : "Samples that share a content or a group go together, to test where one of them is.";

const JumpTo = ({ id, children }: { id: string; children: string }) => (
  <a href={`#${id}`} className={buttonClass()}>
    <ListChecks aria-hidden />
    {children}
  </a>
);

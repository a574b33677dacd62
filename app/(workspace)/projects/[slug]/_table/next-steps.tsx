"use client";
/** Below a short table: what to do next, as far as it isn't done. */
import { ArrowRight } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { newManifestHref, projectSettingsHref } from "@/app/paths.ts";

// few ask for it
const ProgramTabs = dynamic(() => import("./program-tabs.tsx").then((module) => module.ProgramTabs), { ssr: false });

type NextStepsProps = {
  slug: string;
  runs: number;
  usesManifests: boolean;
  /** Whether the project says which metric tells the best run. */
  hasPrimary: boolean;
  canUpdate: boolean;
};

export function NextSteps({ slug, runs, usesManifests, hasPrimary, canUpdate }: NextStepsProps) {
  return (
    <section aria-label="What to do next" className="grid max-w-160 gap-3 px-4 py-6 text-sm text-muted md:px-6">
      <h2 className="font-medium text-text">Next</h2>
      <ul className="grid gap-2">
        {runs === 1 && canUpdate && <AnotherRun />}
        {runs > 1 && (
          <Step>
            Tick the runs that you want to compare: the charts then show these alone.{" "}
            <span className="pointer-coarse:hidden">Press ? for the keys.</span>
          </Step>
        )}
        {!hasPrimary && canUpdate && (
          <Step>
            <StepLink href={projectSettingsHref(slug)}>Choose the primary metric</StepLink>: it says which run is best.
          </Step>
        )}
        {!usesManifests && canUpdate && (
          <Step>
            <StepLink href={newManifestHref(slug)}>Make a split manifest</StepLink>: it says which samples a run learns
            from and which it is tested on, and is checked for leaks.
          </Step>
        )}
      </ul>
    </section>
  );
}

const Step = ({ children }: { children: ReactNode }) => (
  <li className="flex gap-2">
    <ArrowRight aria-hidden className="mt-0.5 size-4 shrink-0" />
    <div className="min-w-0 flex-1">{children}</div>
  </li>
);

const StepLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link href={href} prefetch={false} className="text-accent underline">
    {children}
  </Link>
);

/** The program stands there once it is asked for. */
function AnotherRun() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Step>
      Log a second run to compare this one with.{" "}
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="text-accent underline">
        {isOpen ? "Hide the program" : "Show a program that logs one"}
      </button>
      {isOpen && (
        <div className="pt-2">
          <ProgramTabs origin={window.location.origin} />
        </div>
      )}
    </Step>
  );
}

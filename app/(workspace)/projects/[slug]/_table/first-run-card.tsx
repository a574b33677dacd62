"use client";
/** Stands in an empty project: a program that logs its first run, in three languages. The page is read anew until it has one. */
import { ChartSpline } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { projectSettingsHref, trainHref } from "@/app/paths.ts";
import { ProgramTabs } from "./program-tabs.tsx";

/** No notice tells of tokens, samples and manifests, which come before the first run. */
const AGAIN_MS = 2_000;

type FirstRunCardProps = { origin: string; slug: string; canMakeToken: boolean; canTrain: boolean };

export function FirstRunCard({ origin, slug, canMakeToken, canTrain }: FirstRunCardProps) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && router.refresh(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <Empty icon={ChartSpline} title="No runs yet">
      {canTrain && (
        <p>
          {/* no soft navigation: the page that trains has a content security policy of its own */}
          <a href={trainHref(slug)} className={buttonClass("primary")}>
            Train one now
          </a>
          <span className="block pt-2">A small model, in this browser: nothing to install.</span>
        </p>
      )}
      <p>
        {canMakeToken ? (
          <>
            Make a token in the{" "}
            <Link prefetch={false} href={projectSettingsHref(slug)} className="text-accent underline">
              project's settings
            </Link>
            , set it as <code>HOLDOUT_TOKEN</code>, and run this. The run appears here as it logs.
          </>
        ) : (
          "A member makes a token in the project's settings; with it a program logs the first run."
        )}
      </p>
      <ProgramTabs origin={origin} />
    </Empty>
  );
}

/** Versions of models that clients registered: their words beside the claims, and told apart from them. */
import Link from "next/link";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { runHref } from "@/app/paths.ts";
import type { ModelVersion } from "@/lib/interop/model-versions.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { registeredWords } from "@/lib/words/registered.ts";

type RegisteredProps = { slug: string; versions: ModelVersion[] };

/** The section; nothing where no client registered a model. More than so many stand as a count. */
const SHOWN_MAX = 20;

export function Registered({ slug, versions }: RegisteredProps) {
  if (versions.length === 0) return null;
  const left = versions.length - SHOWN_MAX;
  return (
    <Section
      title="Registered by clients"
      about="Models, stages and aliases by the word of the programs that registered them. None of it is a claim, whatever the alias is called."
      wide
    >
      <ul className="grid gap-1.5 text-sm">
        {versions.slice(0, SHOWN_MAX).map((version) => (
          <li key={`${version.modelId} ${version.version}`} className="wrap-anywhere">
            <span className="font-medium">{version.name}</span> version {version.version}
            {version.runId && version.runName !== null && (
              <>
                {" of "}
                <Link href={runHref(slug, version.runId)} prefetch={false} className="text-accent hover:underline">
                  {version.runName}
                </Link>
              </>
            )}
            {registeredWords(version)}{" "}
            <span className="text-muted">
              {version.createdBy}, <Time at={version.createdAt.toISOString()} />
            </span>
          </li>
        ))}
        {left > 0 && <li className="text-muted">and {countWords(left, "earlier version")}</li>}
      </ul>
    </Section>
  );
}

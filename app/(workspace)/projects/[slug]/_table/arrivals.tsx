/** What has come to a project before its first run: a machine with a token, samples, their split, and what comes next. */
import { Check, Circle, LoaderCircle, type LucideIcon } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { manifestHref } from "@/app/paths.ts";
import type { MemberActor } from "@/lib/access/actor.ts";
import { can } from "@/lib/access/permissions.ts";
import { listTokens } from "@/lib/access/tokens.ts";
import { listDatasets } from "@/lib/datasets/datasets.ts";
import { listManifests } from "@/lib/manifests/manifests.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { numberWords } from "@/lib/words/numbers.ts";

type Step = "done" | "at-work" | "waiting";

const looks: Record<Step, { icon: LucideIcon; colour: string; words: string }> = {
  done: { icon: Check, colour: "text-finished", words: "done" },
  "at-work": { icon: LoaderCircle, colour: "text-running", words: "at work" },
  waiting: { icon: Circle, colour: "text-muted", words: "to come" },
};

/** Shown where nothing but the way to a token is to be said: nothing. */
export async function Arrivals({ member, project }: { member: MemberActor; project: Project }) {
  const [tokens, datasets, manifests] = await Promise.all([
    can(member, "tokens.read", project.id) ? listTokens(member, project.id) : [],
    listDatasets(member, project.id),
    listManifests(member, project.id),
  ]);
  const valid = tokens.filter(({ revokedAt }) => revokedAt === null);
  if (valid.length + datasets.length + manifests.length === 0) return null;
  const used = valid.find(({ usedAt }) => usedAt !== null);
  // whoever registers a manifest with its samples may leave the dataset open
  const isSplit = (name: string, version: string) =>
    manifests.some(({ dataset }) => dataset.name === name && dataset.version === version);
  return (
    <section aria-label="What has arrived" className="mx-auto w-full max-w-160 px-4 pt-10 text-sm">
      <h2 className="pb-2 text-base font-medium">
        {used ? "The first run is on its way" : "Waiting for the first run"}
      </h2>
      <ol className="grid gap-2">
        {used?.usedAt ? (
          <Arrival step="done">
            A machine came with the token <b className="font-medium">{used.name}</b>, <Time at={used.usedAt} />
          </Arrival>
        ) : (
          valid[0] && (
            <Arrival step="at-work">
              The token <b className="font-medium">{valid[0].name}</b> is there; no machine has used it yet
            </Arrival>
          )
        )}
        {datasets.map(({ id, name, version, completedAt }) => (
          <Arrival key={id} step={completedAt || isSplit(name, version) ? "done" : "at-work"}>
            Dataset{" "}
            <b className="font-medium">
              {name} {version}
            </b>{" "}
            {completedAt || isSplit(name, version) ? "is registered" : "is arriving, sample by sample"}
          </Arrival>
        ))}
        {manifests.map(({ id, name, counts, verdict }) => (
          <Arrival key={id} step={verdict ? "done" : "at-work"}>
            Split manifest{" "}
            <Link className="font-medium text-accent underline" prefetch={false} href={manifestHref(project.slug, id)}>
              {name}
            </Link>
            : {numberWords(counts.train)} train, {numberWords(counts.validation)} validation, {numberWords(counts.test)}{" "}
            test <VerdictMark verdict={verdict} />
          </Arrival>
        ))}
        <Arrival step="waiting">The first run: it and its curves appear here by themselves</Arrival>
      </ol>
    </section>
  );
}

function Arrival({ step, children }: { step: Step; children: ReactNode }) {
  const { icon: Icon, colour, words } = looks[step];
  return (
    <li data-step={step} className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colour}`} />
      <span>
        <span className="sr-only">{words}: </span>
        {children}
      </span>
    </li>
  );
}

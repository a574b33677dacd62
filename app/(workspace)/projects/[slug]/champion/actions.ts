"use server";
/** What people do on the champion's page: sign off, write, move aliases, write rules. */
import { z } from "zod";
import { actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { moveAlias } from "@/lib/champions/aliases.ts";
import { writeRule } from "@/lib/champions/rules.ts";
import { signClaim, writeWord } from "@/lib/champions/sign-offs.ts";
import { sha256 } from "@/lib/wire/base/words.ts";
import { metricFacts, metricNames } from "@/lib/wire/evaluations/metrics.ts";

export type ManifestPlace = { slug: string; projectId: string; manifestId: string };
const aManifest = { slug: z.string(), projectId, manifestId: sha256 };
const aClaim = { project: projectId, claim: z.uuid() };

export const signAction = async (
  project: string,
  claim: string,
  approves: boolean,
  word: string,
): Promise<ActionOutcome> =>
  actOn({ ...aClaim, approves: z.boolean(), word: z.string() }, { project, claim, approves, word }, (member, given) =>
    signClaim(member, given.project, given.claim, { approves: given.approves, word: given.word }),
  );

export const writeWordAction = async (
  project: string,
  claim: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(aClaim, { project, claim }, (member, given) =>
    writeWord(member, given.project, given.claim, { word: textOf(form, "word") }),
  );

export const moveAliasAction = async (
  place: ManifestPlace,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(aManifest, place, (member, given) =>
    moveAlias(member, given, {
      alias: textOf(form, "alias").trim(),
      claim: textOf(form, "claim") || null,
      reason: textOf(form, "reason"),
    }),
  );

export const writeRuleAction = async (
  place: ManifestPlace,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(aManifest, { ...place }, async (member, { projectId: project, manifestId }) => {
    const metric = z.enum(metricNames).safeParse(textOf(form, "metric")).data;
    await writeRule(
      member,
      { projectId: project, manifestId },
      {
        metric,
        split: textOf(form, "split"),
        direction: metric && metricFacts[metric].better,
        margin: Number(textOf(form, "margin")),
        seeds: textOf(form, "seeds")
          .split(/[\s,]+/)
          .filter(Boolean)
          .map(Number),
      },
    );
  });

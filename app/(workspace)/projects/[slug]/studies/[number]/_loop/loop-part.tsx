import Link from "next/link";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { loopHref } from "@/app/paths.ts";
import type { MemberActor } from "@/lib/access/actor.ts";
import { greedyOf } from "@/lib/loops/greedy.ts";
import { findLoop } from "@/lib/loops/loops.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";
import { claimSentence, rulingSentence } from "@/lib/words/studies/loop-words.ts";

type LoopPartProps = { member: MemberActor; study: Study; projectId: string };

/** What a loop came to, in a few words; its own page has the rest. */
export async function LoopPart({ member, study, projectId }: LoopPartProps) {
  const loop = await findLoop(member, study, projectId);
  const [newest] = loop?.rulings ?? [];
  const first = loop?.rulings.at(-1)?.figures?.incumbent[0] ?? loop?.incumbent.value ?? null;
  return (
    <section aria-labelledby="loop-title" className="grid min-w-0 gap-3 border-b border-line px-4 py-6 text-sm md:px-6">
      <h2 id="loop-title" className="text-base font-medium">
        Loop
      </h2>
      {loop === null ? (
        <p className="max-w-160 text-muted">
          It hasn't begun. It begins with a run of its first recipe, and its rule stands from then on.
        </p>
      ) : newest ? (
        <>
          <p className="max-w-160">{claimSentence(greedyOf(loop.rulings, first, study.objective.direction), loop)}</p>
          <p className="max-w-160 text-muted">
            Ruling {newest.number}, the newest. {rulingSentence(newest)}
          </p>
        </>
      ) : (
        <p className="text-muted">No candidate has been handed in yet.</p>
      )}
      <p>
        <Link
          href={loopHref(study.project, study.number)}
          prefetch={false}
          className={buttonClass(loop ? "plain" : "primary")}
        >
          {loop ? "The loop's page" : "Begin the loop"}
        </Link>
      </p>
    </section>
  );
}

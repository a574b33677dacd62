/** What speaks against taking the numbers of a group together, each doubt as a mark beside its name. */
import type { ReactNode } from "react";
import type { Group } from "@/lib/table/groups.ts";
import { numberWords } from "@/lib/words/numbers.ts";

export const SeedAgain = ({ group: { repeated } }: { group: Group }) => (
  <Doubt title="Runs of one config, manifest and seed count once, with their mean: to repeat a seed is no further replicate">
    {repeated === 1 ? "1 repeats a seed" : `${numberWords(repeated)} repeat a seed`}
  </Doubt>
);

export const CodeDiffers = () => (
  <Doubt title="Config and manifest agree, and the captured code doesn't: means over them mix versions of the code">
    code differs
  </Doubt>
);

/** Says where the runs of a group cite no manifest, an unchecked or blocked one, or several. */
export function ManifestDoubts({ group }: { group: Group }) {
  const { count, manifests, uncited, unchecked, overridden } = group;
  const blocked = group.blocked - overridden;
  const words = (runs: number, all: string, some: string) => (runs === count ? all : `${numberWords(runs)} ${some}`);
  return (
    <>
      {uncited > 0 && (
        <Doubt title="They name no split manifest: nothing says which samples they were trained and validated on">
          {words(uncited, "uncited", "uncited")}
        </Doubt>
      )}
      {unchecked > 0 && (
        <Doubt title="The checks of their split manifest aren't done: nothing speaks for their numbers yet">
          {words(unchecked, "not checked yet", "not checked yet")}
        </Doubt>
      )}
      {blocked > 0 && (
        <Doubt title="The checks of their split manifest block it">
          {words(blocked, "manifest blocked", "on a blocked manifest")}
        </Doubt>
      )}
      {overridden > 0 && (
        <Doubt title="The checks of their split manifest block it, and a member wrote why it is used all the same">
          {words(overridden, "blocked, overridden", "on a blocked, overridden manifest")}
        </Doubt>
      )}
      {manifests > 1 && (
        <Doubt title="Their runs were validated on different samples: means over them mix the two">
          {manifests} manifests
        </Doubt>
      )}
    </>
  );
}

const Doubt = ({ title, children }: { title: string; children: ReactNode }) => (
  <span className="shrink-0 rounded-sm bg-warning-soft px-1.5 text-xs whitespace-nowrap text-warning" title={title}>
    {children}
  </span>
);

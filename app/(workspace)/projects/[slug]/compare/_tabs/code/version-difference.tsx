/** What differs between two versions of the code: files, command line, and what nobody captured. */
import type { ReactNode } from "react";
import { CodeDifference } from "@/app/_ui/figures/code-difference.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { type ComparedCode, compareCode } from "@/lib/compare/code/code.ts";
import { compareUrl } from "@/lib/compare/code/repository.ts";
import type { ChosenVersions } from "@/lib/compare/code/versions.ts";
import { countWords } from "@/lib/words/numbers.ts";
import type { SearchParams } from "../compare-address.ts";
import { DifferenceBar } from "../tab-parts.tsx";
import { type CodeState, codeHref } from "./code-address.ts";
import { CommandDifference } from "./command-difference.tsx";
import { FilesList } from "./files-list.tsx";
import { UntrackedNames } from "./untracked-names.tsx";

type VersionDifferenceProps = {
  member: MemberActor;
  project: string;
  chosen: ChosenVersions;
  state: CodeState;
  params: SearchParams;
};

export async function VersionDifference({ member, project, chosen, state, params }: VersionDifferenceProps) {
  const { from, to } = chosen;
  const [own, other] = [from.runs[0]!, to.runs[0]!];
  const compared = await compareCode(member, project, { from: own, to: other, only: state.file || null });
  if (!compared) {
    const unknown = [from, to].filter(({ code }) => code === null).map(({ letter }) => letter);
    return <Said>The code of {unknown.join(" and ")} wasn't captured: there is nothing to hold it against.</Said>;
  }
  const { shown } = compared;
  const sides = { from: from.letter, to: to.letter };
  const patches = [
    { letter: from.letter, run: own.id, name: own.name, has: compared.from.hasPatch },
    { letter: to.letter, run: other.id, name: other.name, has: compared.to.hasPatch && from !== to },
  ];
  return (
    <section aria-label={from === to ? `Patch of ${from.letter}` : `From ${from.letter} to ${to.letter}`}>
      <DifferenceBar
        beside={{ isOn: state.isBeside, href: codeHref(params, { isBeside: !state.isBeside }) }}
        patches={patches.flatMap(({ has, ...patch }) => (has ? [patch] : []))}
      />
      <Said>
        <Known compared={compared} sides={sides} isOne={from === to} />
      </Said>
      {shown && (
        <div className="grid gap-4 px-4 pb-6 md:px-6 md:[--code-top:33px]">
          <FilesList code={shown} file={state.file} params={params} />
          <CodeDifference
            code={shown}
            isBeside={state.isBeside}
            sides={sides}
            hrefOf={(file) => codeHref(params, { file })}
          />
        </div>
      )}
      {from !== to && <CommandDifference compared={compared} sides={sides} />}
      <UntrackedNames untracked={compared.untracked} sides={sides} />
    </section>
  );
}

const Said = ({ children }: { children: ReactNode }) => (
  <p className="px-4 py-3 text-sm text-muted md:px-6">{children}</p>
);

type KnownProps = { compared: ComparedCode; sides: { from: string; to: string }; isOne: boolean };

/** How much of the difference is known, and why. */
function Known({ compared, sides, isOne }: KnownProps) {
  const { shown, from, to, isSameCommit } = compared;
  if (!shown) return <>The patches took longer to compare than a page waits; download them to see what differs.</>;
  const alike = shown.alike > 0 ? ` ${countWords(shown.alike, "file is", "files are")} changed alike by both.` : "";
  if (isOne)
    return <>{from.hasPatch ? "What was changed after the commit." : "Nothing was changed after the commit."}</>;
  if (isSameCommit)
    return (
      <>
        Both began from the same commit, so what differs follows from their patches, line by line.
        {shown.files.length === 0 && " No line differs."}
        {alike}
      </>
    );
  const url = compareUrl(from, to);
  return (
    <>
      They began from different commits:{" "}
      {url === null ? (
        "what lies between those is known to the repository alone"
      ) : (
        <a href={url} className="text-accent hover:underline">
          what lies between those is in the repository
        </a>
      )}
      . Shown is what each changed after its own commit
      {shown.files.some(({ sides }) => sides === "versions") &&
        ", and where git says that a file was the same in both, what differs"}
      .{shown.files.length === 0 && shown.alike === 0 && ` Neither ${sides.from} nor ${sides.to} changed anything.`}
      {alike}
    </>
  );
}

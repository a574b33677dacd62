import type { PlacedFlag } from "@/lib/studies/panels/panels.ts";
import { flagRules } from "@/lib/wire/studies/flags.ts";
import type { StudySection } from "@/lib/wire/studies/sections.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { studySectionWords } from "@/lib/words/studies/panels/panel-words.ts";

type PanelIndexProps = { names: StudySection[]; flags: readonly PlacedFlag[] };

/** The panels, in sight while they are read, each with how many flags it has. */
export function PanelIndex({ names, flags }: PanelIndexProps) {
  return (
    <nav aria-label="Panels" className="print:hidden max-lg:border-b max-lg:border-line lg:border-r lg:border-line">
      <ol className="sticky top-0 flex max-h-dvh content-start gap-x-4 overflow-auto px-4 py-2 md:px-6 lg:grid lg:gap-0 lg:py-6 lg:pr-3">
        {names.map((name) => (
          <li key={name} className="shrink-0">
            <a
              href={`#${name}`}
              className="flex items-center gap-2 rounded-sm py-1 text-xs whitespace-nowrap text-muted hover:text-text"
            >
              {studySectionWords(name).title}
              <FlagCount flags={flags.filter(({ section }) => section === name)} />
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function FlagCount({ flags }: { flags: PlacedFlag[] }) {
  const grave = flags.filter(({ flag }) => flagRules[flag.kind].tone !== "note");
  if (grave.length === 0) return null;
  const isDanger = grave.some(({ flag }) => flagRules[flag.kind].tone === "danger");
  return (
    <span className={`rounded-full px-1.5 ${isDanger ? "bg-danger-soft text-danger" : "bg-warning-soft text-warning"}`}>
      {grave.length}
      <span className="sr-only"> {countWords(grave.length, "flag").replace(/^\S+ /, "")}</span>
    </span>
  );
}

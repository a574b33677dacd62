import type { ReportSection } from "@/lib/wire/report-sections.ts";
import { sectionWords } from "@/lib/words/report-words.ts";

/** The sections of the report, in sight while it is read. */
export function ReportIndex({ names }: { names: ReportSection[] }) {
  return (
    <nav aria-label="Sections of the report" className="max-xl:hidden print:hidden">
      <ol className="sticky top-0 grid max-h-dvh content-start overflow-y-auto border-l border-line py-6 pl-4">
        {names.map((name) => (
          <li key={name}>
            <a href={`#${name}`} className="block py-0.5 text-xs text-muted hover:text-text">
              {sectionWords(name).title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

import { rolesOf } from "@/lib/studies/standing/roles.ts";
import { parameterName, type StudyParameter } from "@/lib/wire/studies/parameters.ts";
import { searchedWords } from "@/lib/words/studies/panels/panel-words.ts";
import { settingWords } from "@/lib/words/studies/standing-words.ts";
import type { PanelProps, StudyPanel } from "../frame/panel.ts";

/** Caveats that a sentence holds; the others stand in the table. */
const NAMED = 8;

/** The role of each key, and the sentence that says for what the conclusion holds. */
function Roles({ study }: PanelProps) {
  const { scientific, nuisance, fixed } = rolesOf(study);
  if (scientific.length + nuisance.length + fixed.length === 0) return null;
  const more = fixed.length - NAMED;
  return (
    <div className="grid gap-4 text-sm">
      <p className="max-w-160 wrap-anywhere">
        {fixed.length === 0 ? (
          "The base says nothing that stays fixed, so nobody can say for which settings this holds."
        ) : (
          <>
            Holds for {fixed.slice(0, NAMED).map(settingWords).join(", ")}
            {more > 0 && ` and ${more} more below`} only.
          </>
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways */}
      <div className="max-h-96 overflow-auto" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th>Role</th>
              <th>Key</th>
              <th>Value or range</th>
            </tr>
          </thead>
          <tbody>
            {[...scientific, ...nuisance].map((one) => (
              <tr key={parameterName(one)}>
                <td>{one.role}</td>
                <td className="wrap-anywhere">{parameterName(one)}</td>
                <td>{rangeWords(one)}</td>
              </tr>
            ))}
            {fixed.map(({ path, value }) => (
              <tr key={path}>
                <td className="text-muted">fixed</td>
                <td className="wrap-anywhere">{path}</td>
                <td>{searchedWords(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const rangeWords = (parameter: StudyParameter): string =>
  parameter.kind === "categorical"
    ? parameter.choices.map(searchedWords).join(", ")
    : `${searchedWords(parameter.low)} to ${searchedWords(parameter.high)}${parameter.scale === "log" ? ", by factors" : ""}`;

export const rolesPanel: StudyPanel = { name: "roles", content: Roles };

"use client";
import Link from "next/link";
import { runHref } from "@/app/paths.ts";
import type { TrialsData } from "@/lib/studies/panels/trials.ts";
import { durationWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { searchedWords, trialWords } from "@/lib/words/studies/panels/panel-words.ts";

type TrialRowProps = {
  data: TrialsData;
  /** The trial's place in the columns. */
  at: number;
  slug: string;
  isChosen: boolean;
  onChoose: (run: string) => void;
};

const stepWords = (step: number | null): string => (step === null ? "" : numberWords(step));

/** A trial; of a run that is gone what is left of it. */
export function TrialRow({ data: { columns: c, equal }, at, slug, isChosen, onChoose }: TrialRowProps) {
  const [run, name, state] = [c.run[at]!, c.name[at] ?? null, c.state[at]!];
  const words = trialWords({ number: c.number[at]!, replicate: c.replicate[at]! });
  const [value, reason] = [c.value[at] ?? null, c.reason[at] ?? null];
  const isLost = state === "infeasible" || state === "failed";
  return (
    <tr data-trial={c.number[at]} data-state={state} className={state === "deleted" ? "text-muted" : ""}>
      <td>
        {state !== "deleted" && (
          <input
            type="checkbox"
            aria-label={`Choose ${words}`}
            checked={isChosen}
            onChange={() => onChoose(run)}
            className="block size-3.5 accent-(--accent)"
          />
        )}
      </td>
      <td className="number">
        {c.number[at]}
        {c.replicate[at]! > 0 && <span className="text-muted"> · {c.replicate[at]! + 1}</span>}
      </td>
      <td className={isLost ? "text-failed" : ""}>
        {state}
        {reason && <span className="text-muted"> · {reason}</span>}
      </td>
      <td className="number font-medium">{value === null ? "" : valueWords(value)}</td>
      {equal && <td className="number">{equal.value[at] == null ? "" : valueWords(equal.value[at]!)}</td>}
      {c.values.map((column, parameter) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a study's parameters never change their order
        <td key={parameter} className="number">
          {searchedWords(column[at] ?? null)}
        </td>
      ))}
      <td className="number">{stepWords(c.bestStep[at] ?? null)}</td>
      <td className="number">{stepWords(c.lastStep[at] ?? null)}</td>
      <td className="number">{c.seconds[at] == null ? "" : durationWords(c.seconds[at]! * 1000)}</td>
      <td>
        {name === null ? (
          "purged"
        ) : state === "deleted" ? (
          `${name}, in the bin`
        ) : (
          <Link prefetch={false} href={runHref(slug, run)} className="text-accent underline">
            {name}
          </Link>
        )}
      </td>
      <td className="number">{c.seed[at] ?? ""}</td>
      <td title={c.command[at] ?? undefined}>
        {c.isDirty[at] === true ? "unsubmitted changes" : c.isDirty[at] === false ? "as committed" : ""}
      </td>
      <td title={c.notes[at] ?? undefined} className="max-w-60 truncate">
        {c.notes[at]}
      </td>
    </tr>
  );
}

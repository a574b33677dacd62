/** What a person reads of an import: before it, and at its end. */
import type { Counts, Reason, Report, Survey } from "../import/survey.ts";

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
const summed = ({ runs, points, files }: Counts): string =>
  [counted(runs, "run"), counted(points, "point"), counted(files, "file")].join(", ");

export function previewWords(folder: string, survey: Survey): string {
  const { read, leftOut, quarantined, rewritten, unended } = survey;
  const notes = [
    quarantined.points > 0 &&
      `${counted(quarantined.points, "point")} of test metrics will be quarantined, kept and shown in no chart or table, and each series of a run counts as a look at the test split: ${firstOf(quarantined.series)}`,
    rewritten > 0 &&
      `${counted(rewritten, "point")} stand at a step that is written again later: the later value is shown`,
    unended > 0 && `${counted(unended, "run")} never ended there: lost, as any run without a sign of life`,
  ].filter((note) => note !== false);
  return [
    `${folder} holds ${summed(read)} (${(read.bytes / 1e6).toFixed(1)} MB of files).`,
    ...notes.map((note) => `  ${note}`),
    ...reasonWords("Will be left out:", leftOut),
  ].join("\n");
}

export function reportWords({ project, read, stored, there, leftOut, quarantined }: Report): string {
  const without = { runs: 0, points: 0, files: 0 };
  for (const { unit, count } of leftOut) if (unit !== "other") without[`${unit}s`] += count;
  return [
    `Read ${summed(read)} =`,
    `  stored in ${project} now: ${summed(stored)}`,
    `  there from an import before: ${summed(there)}`,
    `  left out by name: ${summed(without)}`,
    ...(quarantined.length > 0 ? [`Quarantined as test numbers: ${firstOf(quarantined)}`] : []),
    ...reasonWords("Left out:", leftOut),
  ].join("\n");
}

function reasonWords(title: string, reasons: Reason[]): string[] {
  if (reasons.length === 0) return [];
  const lines = reasons.flatMap(({ unit, why, count, where, places }) => [
    `  ${unit === "other" ? `${count} ×` : counted(count, unit)}: ${why}`,
    ...where.map((place) => `      ${place}`),
    ...(places > where.length ? [`      and ${places - where.length} more places`] : []),
  ]);
  return [title, ...lines];
}

const NAMED_MAX = 10;
const firstOf = (names: string[]): string =>
  names.slice(0, NAMED_MAX).join(", ") + (names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : "");

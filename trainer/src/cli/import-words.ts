/** What a person reads of an import: before it, and at its end. */
import { seriesOfKey } from "../../../lib/wire/points/key-rule.ts";
import { seriesWords } from "../../../lib/wire/points/series-name.ts";
import type { Counts, Reason, Registered, Report, Survey } from "../import/survey.ts";
import type { Mapping, Role } from "../import/table/mapping.ts";
import { isRowARun } from "../import/table/table.ts";

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
const summed = ({ runs, points, files }: Counts): string =>
  [counted(runs, "run"), counted(points, "point"), counted(files, "file")].join(", ");

const registered = ({ models, versions }: Registered): string =>
  `${counted(models, "registered model")} with ${counted(versions, "version")}`;

/** What each column of a table is taken for, and how that is corrected. */
export function mappingWords(mapping: Mapping): string {
  const { columns, rows, title } = mapping;
  const width = Math.min(40, Math.max(0, ...columns.map(({ name }) => name.length)));
  const lines = columns.map((column) => {
    const { name, role, as, run, why } = column;
    const named = role === "metric" ? seriesWords(seriesOfKey(as)) : as;
    const is = [
      role,
      (role === "metric" || role === "config") && named !== name && `: ${named}`,
      run !== "" && ` of the run ${run}`,
      why !== "" && ` (${why})`,
      column.isSaid && why === "" && " (as you said)",
    ];
    return `  ${name.padEnd(width)}  ${is.filter((part) => part !== false).join("")}`;
  });
  const has = (role: Role) => columns.some((column) => column.role === role);
  const notes = [
    !has("run") &&
      !columns.some(({ run }) => run !== "") &&
      (isRowARun(mapping) ? "each row is a run" : `no column tells runs apart: all is the run ${title}`),
    !has("step") && "no column is the step: the rows of a run are counted from 0",
    !has("time") &&
      `no column says when: points stand at ${has("started") ? "their run's start" : "the beginning of 1970"}, where times are shown`,
  ].filter((note) => note !== false);
  return [
    `${counted(rows, "row")}, whose ${counted(columns.length, "column")} ${columns.length === 1 ? "is" : "are"} taken for:`,
    ...lines,
    ...notes.map((note) => `  ${note}`),
    "--map COLUMN=ROLE corrects one, --map @FILE many.",
  ].join("\n");
}

export function previewWords(folder: string, survey: Survey): string {
  const { read, leftOut, quarantined, rewritten, unended, registry } = survey;
  const notes = [
    registry.models > 0 && `${registered(registry)}, under the numbers and names that they have there`,
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

export function reportWords({ project, read, stored, there, leftOut, quarantined, registry }: Report): string {
  const without = { runs: 0, points: 0, files: 0 };
  for (const { unit, count } of leftOut) if (unit !== "other") without[`${unit}s`] += count;
  return [
    `Read ${summed(read)} =`,
    `  stored in ${project} now: ${summed(stored)}`,
    `  there from an import before: ${summed(there)}`,
    `  left out by name: ${summed(without)}`,
    ...(["stored", "there"] as const).flatMap((part) =>
      registry[part].models + registry[part].versions > 0
        ? [`Registry, ${part === "stored" ? "stored now" : "there before"}: ${registered(registry[part])}`]
        : [],
    ),
    ...(quarantined.length > 0 ? [`Quarantined as test numbers: ${firstOf(quarantined)}`] : []),
    ...reasonWords("Left out:", leftOut),
    ...(stored.runs > 0 ? [`How far this past can be believed: holdout doubts --project ${project}`] : []),
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

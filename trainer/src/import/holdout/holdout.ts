/** Exports of Holdout itself, from another installation or another project. */
import { createReadStream } from "node:fs";
import { fromWireFloat } from "../../../../lib/wire/base/words.ts";
import type { TravellingLook } from "../../../../lib/wire/evaluations/looks.ts";
import type { ExportLineOf } from "../../../../lib/wire/exports.ts";
import { parseSeriesKey, seriesKey, seriesWords } from "../../../../lib/wire/points/series-name.ts";
import type { RunFinish } from "../../../../lib/wire/runs.ts";
import { isRecord, type Line, readExport } from "../../export/exported-lines.ts";
import { factsOf } from "../facts.ts";
import type { Found, ImportedRun, LeftOut, RunRecord } from "../imported.ts";
import { Intake } from "../series.ts";

type RunLine = ExportLineOf<"run">;
type SeriesLine = ExportLineOf<"series">;

/** The runs of an export file. Throws `NoExport` for a file that is none, or was cut off: after the runs that came whole. */
export async function* readHoldout(file: string): AsyncGenerator<Found> {
  let slug = "";
  let collected: Collected | null = null;
  for await (const part of readExport(createReadStream(file))) {
    if ("head" in part) {
      slug = part.project.slug;
      continue;
    }
    if (part.kind === "override") continue; // the project's, which is brought before its runs
    if (part.kind === "run" || part.kind === "end") {
      if (collected) yield collected.found(slug);
      collected = part.kind === "run" ? new Collected(part) : null;
    } else collected?.add(part);
  }
}

/** A run whose lines are read. */
class Collected {
  readonly #series: SeriesLine[] = [];
  readonly #looks: TravellingLook[] = [];
  readonly #records: RunRecord[] = [];
  readonly #intake = new Intake(parseSeriesKey);

  constructor(readonly run: RunLine) {}

  add(line: Exclude<Line, RunLine | ExportLineOf<"override">>): void {
    if (line.kind === "series") {
      this.#series.push(line);
      return;
    }
    if (line.kind === "look") {
      const { kind: _, run: __, ...look } = line;
      this.#looks.push(look);
      return;
    }
    if (isRecord(line)) {
      this.#records.push(line);
      return;
    }
    const key = seriesKey(line);
    for (const [at, step] of line.steps.entries())
      this.#intake.add(key, step, line.times[at]!, fromWireFloat(line.values[at]!));
  }

  found(slug: string): Found {
    const { kind: _, ...original } = this.run;
    const place = `holdout ${original.id}`;
    const { series, leftOut } = this.#intake.taken(place);
    const { name, notes, config, seed, manifest, code, tags, color } = original;
    const run: ImportedRun = {
      kind: "holdout",
      sourceId: original.id,
      name,
      notes,
      config,
      seed,
      manifest,
      facts: factsOf([...originOf(original, slug), ...Object.entries(original.environment)]),
      code,
      isDeleted: false,
      startedAt: Date.parse(original.createdAt),
      ran: { startedAt: timeOf(original.startedAt), endedAt: timeOf(original.endedAt) },
      end: endOf(original),
      marks: { tags, color },
      looks: this.#looks,
      records: this.#records,
      series,
      files: [],
      original: { ...original, series: this.#series.map(originalOf) },
    };
    return { run, leftOut: [...leftOut, ...this.#without(place)] };
  }

  /** What the file names and doesn't hold. */
  #without(place: string): LeftOut[] {
    const hidden = this.#series.filter(({ summary }) => summary === null);
    const why =
      "a quarantined series: its numbers aren't in the file, as whoever exported it wasn't shown them or left them out";
    const leftOut = hidden.map(
      (one): LeftOut => ({ unit: "other", count: 1, where: `${place}: ${seriesWords(one)}`, why }),
    );
    const { files } = this.run;
    if (files > 0)
      leftOut.push({ unit: "other", count: files, where: place, why: "a file of a run: an export has none" });
    return leftOut;
  }
}

/** What a file of the run says of a series: whoever reads the run reads it, so it holds no test number. */
const originalOf = ({ kind: _, run: __, quarantine, summary, ...declared }: SeriesLine) => ({
  ...declared,
  quarantine,
  summary: quarantine === null ? summary : null,
});

/** Where it comes from. A run that came by an import before keeps what it says of that. */
const originOf = (run: Omit<RunLine, "kind">, slug: string) =>
  [
    ["holdout run", run.id],
    ["holdout project", slug],
    ["holdout user", run.user],
    ["holdout status", run.status],
    ["holdout created", run.createdAt],
    ["holdout started", run.startedAt],
    ["holdout ended", run.endedAt],
    ["holdout archived", run.archivedAt],
    ["holdout manifest", run.manifest],
    ["holdout parent", run.parent && `${run.parent.run} ${run.parent.checkpoint}`],
  ] as const;

const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

function endOf({ status, failure, pointsLost }: Omit<RunLine, "kind">): ImportedRun["end"] {
  if (status !== "finished" && status !== "failed" && status !== "killed") return null;
  const end: Pick<RunFinish, "status" | "failure" | "pointsLost"> = { status, failure, pointsLost };
  return status === "failed" && failure === null ? { ...end, failure: { reason: "other" } } : end;
}

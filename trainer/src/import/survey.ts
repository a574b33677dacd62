/** What an import read, and what became of it: the preview before anything is sent, and the sum at the end. */
import type { ImportedModelAnswer } from "../../../lib/wire/imports.ts";
import { isTestSeries } from "../../../lib/wire/points/series.ts";
import { seriesWords } from "../../../lib/wire/points/series-name.ts";
import type { Delivered } from "./deliver.ts";
import type { Found, ImportedRun, LeftOut, Source } from "./imported.ts";

export type Counts = { runs: number; points: number; files: number };

/** Of a reason all that is left out for it; `where` names the first places. */
export type Reason = { unit: LeftOut["unit"]; why: string; count: number; where: string[]; places: number };

export type Survey = {
  read: Counts & { bytes: number };
  leftOut: Reason[];
  /** Points that go to quarantine: test numbers, by their series. */
  quarantined: { points: number; series: string[] };
  /** Points that a later one at the same step stands for: both are kept, and the later one is shown. */
  rewritten: number;
  /** Runs that never ended, as far as the source knows. */
  unended: number;
  registry: Registered;
};

/** Registered models, and versions of them. */
export type Registered = { models: number; versions: number };

const PLACES_MAX = 10;
const unitCounts = { run: "runs", point: "points", file: "files" } as const;

/** Sums up by reason. */
export class Reasons {
  readonly #reasons = new Map<string, Reason>();

  add({ unit, why, count, where }: LeftOut): void {
    const key = `${unit}\0${why}`;
    const reason = this.#reasons.get(key) ?? { unit, why, count: 0, where: [], places: 0 };
    this.#reasons.set(key, reason);
    reason.count += count;
    reason.places++;
    if (reason.where.length < PLACES_MAX) reason.where.push(where);
  }

  all(): Reason[] {
    return [...this.#reasons.values()];
  }
}

/** How many of each unit are left out for these reasons. */
export function countsOf(reasons: Reason[]): Counts {
  const counts = { runs: 0, points: 0, files: 0 };
  for (const { unit, count } of reasons) if (unit !== "other") counts[unitCounts[unit]] += count;
  return counts;
}

/** Sums up what a source gives, as it comes by. */
class Surveyor {
  readonly #reasons = new Reasons();
  readonly #series = new Set<string>();
  readonly #sum = { runs: 0, points: 0, files: 0, bytes: 0, quarantined: 0, rewritten: 0, unended: 0 };
  readonly #registry: Registered = { models: 0, versions: 0 };

  add(found: Found): void {
    const { run, leftOut } = found;
    for (const one of leftOut) this.#reasons.add(one);
    if (run === null) {
      for (const { versions } of found.models ?? []) {
        this.#registry.models++;
        this.#registry.versions += versions.length;
      }
      return;
    }
    const sum = this.#sum;
    sum.runs++;
    if (run.end === null) sum.unended++;
    for (const one of run.series) {
      sum.points += one.count;
      sum.rewritten += one.rewritten();
      if (!isTestSeries(one.split, one.metric)) continue;
      sum.quarantined += one.count;
      this.#series.add(seriesWords(one));
    }
    sum.files += run.files.length;
    for (const { sizeBytes } of run.files) sum.bytes += sizeBytes;
  }

  survey(): Survey {
    const leftOut = this.#reasons.all();
    const without = countsOf(leftOut);
    const { runs, points, files, bytes, quarantined, rewritten, unended } = this.#sum;
    return {
      read: { runs: runs + without.runs, points: points + without.points, files: files + without.files, bytes },
      leftOut,
      quarantined: { points: quarantined, series: [...this.#series].sort() },
      rewritten,
      unended,
      registry: this.#registry,
    };
  }
}

/** Reads the whole of a source, and sends nothing. */
export async function surveyOf(source: Source, folder: string): Promise<Survey> {
  const surveyor = new Surveyor();
  for await (const found of source(folder)) surveyor.add(found);
  return surveyor.survey();
}

/** The same source, which is surveyed while it is read once: for who sends without looking before. */
export function surveyed(source: Source): { source: Source; survey: () => Survey } {
  const surveyor = new Surveyor();
  const tapped: Source = async function* (folder) {
    for await (const found of source(folder)) {
      surveyor.add(found);
      yield found;
    }
  };
  return { source: tapped, survey: () => surveyor.survey() };
}

/** The sum of an import. `read` is `stored`, `there` and what `leftOut` counts, or the import isn't whole. */
export type Report = {
  project: string;
  read: Counts;
  stored: Counts;
  /** What the server had from an import before. */
  there: Counts;
  leftOut: Reason[];
  /** Of what is left out, what the server refused. */
  refused: Counts;
  quarantined: string[];
  /** Of the registry; versions that are neither are named in `leftOut`. */
  registry: { stored: Registered; there: Registered };
};

/** Adds up what is delivered. */
export class Tally {
  readonly #reasons = new Reasons();
  readonly #refused = new Reasons();
  readonly #read = { runs: 0, points: 0, files: 0 };
  readonly #stored = { runs: 0, points: 0, files: 0 };
  readonly #there = { runs: 0, points: 0, files: 0 };
  readonly #quarantined = new Set<string>();
  readonly #registry = { stored: { models: 0, versions: 0 }, there: { models: 0, versions: 0 } };

  addModel({ outcome, versions }: ImportedModelAnswer): void {
    this.#registry[outcome].models++;
    for (const part of ["stored", "there"] as const) this.#registry[part].versions += versions[part].length;
  }

  leaveOut(leftOut: LeftOut[]): void {
    for (const one of leftOut) {
      this.#reasons.add(one);
      if (one.unit !== "other") this.#read[unitCounts[one.unit]] += one.count;
    }
  }

  add(run: ImportedRun, delivered: Delivered): void {
    this.#read.runs++;
    for (const { count } of run.series) this.#read.points += count;
    this.#read.files += run.files.length;
    for (const unit of ["runs", "points", "files"] as const) {
      this.#stored[unit] += delivered[unit].stored;
      this.#there[unit] += delivered[unit].there;
    }
    for (const one of delivered.refused) {
      this.#reasons.add(one);
      this.#refused.add(one);
    }
    for (const name of delivered.quarantined) this.#quarantined.add(name);
  }

  /** Throws where the sum doesn't add up: then points were lost without a word, which must not be passed over. */
  report(project: string): Report {
    const leftOut = this.#reasons.all();
    const without = countsOf(leftOut);
    for (const unit of ["runs", "points", "files"] as const) {
      const found = this.#stored[unit] + this.#there[unit] + without[unit];
      if (found !== this.#read[unit])
        throw new Error(`${this.#read[unit]} ${unit} were read, and ${found} are stored or left out by name`);
    }
    return {
      project,
      read: this.#read,
      stored: this.#stored,
      there: this.#there,
      leftOut,
      refused: countsOf(this.#refused.all()),
      quarantined: [...this.#quarantined].sort(),
      registry: this.#registry,
    };
  }
}

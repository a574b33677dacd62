"use client";
/** A row a key, a column a run; one slider says of which step all of them are. */
import { useSearchParams } from "next/navigation";
import { useEffect, useId, useMemo, useState } from "react";
import { useAddress } from "@/app/_ui/parts/address.ts";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import { isFreeKey } from "@/app/_ui/shell/free-key.ts";
import { pictureApi } from "@/app/paths.ts";
import type { ImageKey } from "@/lib/compare/read-images.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { type Pictures, pictureAt, stepsOf } from "./picture-at.ts";
import { type RunColumn, RunHeads } from "./run-heads.tsx";

type ImagesTableProps = { runs: RunColumn[]; keys: ImageKey[]; isCut: boolean };
/** A step of null: the last, whichever that is by now. */
type ImagesView = { step: number | null; find: string };

function writeImages({ step, find }: ImagesView, query: URLSearchParams): void {
  for (const name of ["step", "image"]) query.delete(name);
  if (step !== null) query.set("step", String(step));
  if (find.trim() !== "") query.set("image", find.trim());
}

function readImagesView(query: URLSearchParams): ImagesView {
  const step = query.get("step");
  return { step: step !== null && /^\d{1,15}$/.test(step) ? Number(step) : null, find: query.get("image") ?? "" };
}

/** Of more keys the first are drawn; the search finds the others. */
const KEYS_SHOWN = 30;

export function ImagesTable({ runs, keys, isCut }: ImagesTableProps) {
  const query = useSearchParams();
  const [view, setView] = useState(() => readImagesView(query));
  useAddress(view, writeImages);
  const steps = useMemo(() => stepsOf(keys.flatMap(({ byRun }) => Object.values(byRun))), [keys]);
  const at =
    view.step === null
      ? steps.length - 1
      : Math.max(
          0,
          steps.findLastIndex((step) => step <= view.step!),
        );
  const words = view.find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = keys.filter(({ key }) => words.every((word) => key.toLowerCase().includes(word)));
  return (
    <section aria-label="Images" className="text-sm">
      <div className="sticky top-12 left-0 z-20 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-bg px-4 py-2 md:top-0 md:px-6">
        <span className="w-40">
          <input
            type="search"
            value={view.find}
            onChange={(event) => setView({ ...view, find: event.target.value })}
            placeholder="Find a key"
            aria-label="Find a key"
            className={inputClass}
          />
        </span>
        <StepSlider steps={steps} at={at} onStep={(step) => setView({ ...view, step })} />
        <span className="text-xs text-muted">
          {countWords(found.length, "key")}
          {found.length > KEYS_SHOWN && `, the first ${KEYS_SHOWN} are shown`}
          {isCut && "; there are more pictures than one page lists"}
        </span>
      </div>
      <div className="overflow-x-auto">
        <table>
          <thead>
            <tr className="border-b border-line">
              <th
                scope="col"
                className="sticky left-0 z-10 min-w-28 bg-bg px-4 text-left align-bottom font-medium md:px-6"
              >
                Key
              </th>
              <RunHeads runs={runs} />
            </tr>
          </thead>
          <tbody>
            {found.slice(0, KEYS_SHOWN).map((image) => (
              <KeyRow key={image.key} image={image} runs={runs} step={steps[at]!} />
            ))}
          </tbody>
        </table>
      </div>
      {found.length === 0 && (
        <p className="px-4 py-6 text-muted md:px-6">No key has “{view.find.trim()}” in its name.</p>
      )}
    </section>
  );
}

type StepSliderProps = { steps: number[]; at: number; onStep: (step: number) => void };

/** Moves by the arrow keys wherever no field takes them. */
function StepSlider({ steps, at, onStep }: StepSliderProps) {
  const id = useId();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const next = by === undefined ? undefined : steps[at + by];
      if (next === undefined || !isFreeKey(event)) return;
      event.preventDefault();
      onStep(next);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [steps, at, onStep]);
  return (
    <label htmlFor={id} className="flex min-w-64 flex-1 items-center gap-3" title="← and → move it">
      <output htmlFor={id} className="w-28 shrink-0 whitespace-nowrap">
        step <span className="font-medium">{numberWords(steps[at]!)}</span>
      </output>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(1, steps.length - 1)}
        disabled={steps.length < 2}
        value={at}
        aria-label="Step of all images"
        aria-valuetext={`step ${steps[at]}`}
        aria-keyshortcuts="ArrowLeft ArrowRight"
        onChange={(event) => onStep(steps[Number(event.target.value)]!)}
        className="h-5 min-w-0 max-w-120 grow accent-accent"
      />
      <span className="text-xs whitespace-nowrap text-muted">
        {numberWords(at + 1)} of {numberWords(steps.length)}
      </span>
    </label>
  );
}

const KeyRow = ({ image: { key, byRun }, runs, step }: { image: ImageKey; runs: RunColumn[]; step: number }) => (
  <tr className="border-b border-line align-top">
    <th
      scope="row"
      className="sticky left-0 z-10 max-w-48 bg-bg px-4 py-2 text-left font-medium wrap-anywhere md:px-6"
      title={key}
    >
      {key}
    </th>
    {runs.map(({ id, name }) => (
      <td key={id} className="w-48 min-w-48 px-2 py-2">
        <Picture run={id} alt={`${key} of ${name}`} pictures={byRun[id] ?? []} step={step} />
      </td>
    ))}
  </tr>
);

type PictureProps = { run: string; alt: string; pictures: Pictures; step: number };

/** A run that has no picture of the step shows the nearest one before it, and says so. */
function Picture({ run, alt, pictures, step }: PictureProps) {
  const shown = pictureAt(pictures, step);
  const [first] = pictures;
  return (
    <figure className="grid gap-1">
      {shown ? (
        // biome-ignore lint/performance/noImgElement: the server has encoded it already
        <img
          src={pictureApi(run, shown.path)}
          alt={`${alt} at step ${shown.step}`}
          loading="lazy"
          className="min-h-20 w-full rounded-sm border border-line bg-surface [image-rendering:pixelated]"
        />
      ) : (
        <div className="flex min-h-20 items-center justify-center rounded-sm border border-dashed border-line px-2 text-center text-xs text-muted">
          {first ? `begins at step ${numberWords(first[0])}` : "logs no such image"}
        </div>
      )}
      {shown && (
        <figcaption className={`text-xs ${shown.step === step ? "text-muted" : "font-medium text-warning"}`}>
          step {numberWords(shown.step)}
          {shown.step !== step && ", the nearest before"}
        </figcaption>
      )}
    </figure>
  );
}

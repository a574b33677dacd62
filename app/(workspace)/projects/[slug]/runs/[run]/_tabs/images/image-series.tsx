"use client";
/** The pictures of one key: the newest first, the others by a slider of steps. */
import { Download } from "lucide-react";
import { useId, useState } from "react";
import { artifactApi, pictureApi } from "@/app/paths.ts";
import { numberWords } from "@/lib/words/numbers.ts";

type ImageSeriesProps = { runId: string; name: string; pictures: { step: number; path: string }[] };

export function ImageSeries({ runId, name, pictures }: ImageSeriesProps) {
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null); // null: the newest, whichever that is by now
  const at = Math.min(chosen ?? pictures.length - 1, pictures.length - 1);
  const { step, path } = pictures[at]!;
  const href = artifactApi(runId, path);
  return (
    <section aria-label={name} className="min-w-0 border-r border-b border-line px-4 py-4 md:px-6">
      <div className="flex items-center gap-2 pb-2 text-sm">
        <h2 className="font-semibold">{name}</h2>
        <span className="text-muted">step {numberWords(step)}</span>
        <a href={href} download className="ml-auto text-muted hover:text-accent" aria-label={`Download ${path}`}>
          <Download aria-hidden className="size-3.5" />
        </a>
      </div>
      {/* biome-ignore lint/performance/noImgElement: the server has encoded it already */}
      <img
        src={pictureApi(runId, path)}
        alt={`${name} at step ${step}`}
        className="w-full max-w-160 rounded-sm border border-line bg-surface [image-rendering:pixelated]"
      />
      {pictures.length > 1 && (
        <label htmlFor={id} className="flex items-center gap-3 pt-2 text-xs text-muted">
          {at + 1} of {pictures.length}
          <input
            id={id}
            type="range"
            min={0}
            max={pictures.length - 1}
            value={at}
            onChange={(event) => setChosen(Number(event.target.value))}
            aria-valuetext={`step ${step}`}
            className="h-5 grow accent-[var(--accent)]"
          />
        </label>
      )}
    </section>
  );
}

import { Check, X } from "lucide-react";
import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import { overlayApi } from "@/app/paths.ts";
import type { EvaluatedSample } from "@/lib/wire/evaluated-samples.ts";
import { anchorText } from "@/lib/wire/reviews/anchors.ts";
import { decimalWords, significantWords, valueWords } from "@/lib/words/numbers.ts";

type SampleCardProps = {
  sample: EvaluatedSample;
  place: { slug: string; manifest: string; run: string; evaluation: string; projectId: string };
  /** How many threads on it are open. */
  threads: number;
};

/** A sample with what is true of it and what was answered. */
export function SampleCard({ sample, place, threads }: SampleCardProps) {
  const { key, truth, predicted, confidence, loss, thumbnail } = sample;
  const isClass = typeof predicted === "string";
  const isRight = truth === predicted;
  const isMask = truth === null && predicted === null;
  const words = (value: string | number | null) => (typeof value === "number" ? valueWords(value) : value);
  return (
    <li className="group grid min-w-0 content-start gap-1 rounded-md border border-line p-2 text-xs">
      {isMask ? (
        // biome-ignore lint/performance/noImgElement: a private picture, which Next's optimiser can't fetch
        <img
          src={overlayApi(place.run, place.evaluation, key)}
          alt={`${key}: the true mask, the told one, and where they differ`}
          loading="lazy"
          className="aspect-[3/1] w-full rounded-sm border border-line bg-surface object-contain [image-rendering:pixelated]"
        />
      ) : (
        thumbnail && <Thumbnail place={place} sampleKey={key} size={96} />
      )}
      <span className="flex min-w-0 items-center">
        <span title={key} className="truncate font-mono text-muted">
          {key}
        </span>
        <span className="ml-auto">
          <ThreadMark
            projectId={place.projectId}
            subject={`evaluation:${place.evaluation}`}
            anchor={anchorText({ kind: "sample", key })}
            count={threads}
            isQuiet
          />
        </span>
      </span>
      {truth !== null && <span className="truncate">truth: {words(truth)}</span>}
      {predicted !== null && (
        <span className="flex items-center gap-1 truncate font-medium">
          {isClass &&
            (isRight ? (
              <Check aria-label="right" className="size-3.5 shrink-0 text-finished" />
            ) : (
              <X aria-label="wrong" className="size-3.5 shrink-0 text-danger" />
            ))}
          <span className="truncate">answer: {words(predicted)}</span>
        </span>
      )}
      <span className="text-muted">
        {confidence !== null && `confidence ${decimalWords(confidence, 3)}, `}
        {isMask
          ? `mean IoU ${decimalWords(1 - loss, 3)}`
          : `${isClass ? "loss" : "error"} ${significantWords(loss, 3)}`}
      </span>
    </li>
  );
}

import { Check, X } from "lucide-react";
import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import type { EvaluatedSample } from "@/lib/wire/evaluated-samples.ts";
import { decimalWords, significantWords, valueWords } from "@/lib/words/numbers.ts";

type SampleCardProps = { sample: EvaluatedSample; place: { slug: string; manifest: string } };

/** A sample with what is true of it and what was answered. */
export function SampleCard({ sample, place }: SampleCardProps) {
  const { key, truth, predicted, confidence, loss, thumbnail } = sample;
  const isClass = typeof predicted === "string";
  const isRight = truth === predicted;
  const words = (value: string | number | null) => (typeof value === "number" ? valueWords(value) : value);
  return (
    <li className="grid min-w-0 content-start gap-1 rounded-md border border-line p-2 text-xs">
      {thumbnail && <Thumbnail place={place} sampleKey={key} size={96} />}
      <span title={key} className="truncate font-mono text-muted">
        {key}
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
        {isClass ? "loss" : truth === null ? "1 − IoU" : "error"} {significantWords(loss, 3)}
      </span>
    </li>
  );
}

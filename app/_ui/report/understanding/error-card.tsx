import type { ReactNode } from "react";
import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import type { ErrorSample } from "@/lib/evaluations/live/error-samples.ts";
import { significantWords, valueWords } from "@/lib/words/numbers.ts";

type ErrorCardProps = {
  sample: ErrorSample;
  /** What its number is. */
  figure: string;
  classes: string[] | null;
  place: { slug: string; manifest: string };
  children?: ReactNode;
};

export function ErrorCard({
  sample: { key, truth, predicted, figure: value, thumbnail, near },
  figure,
  classes,
  place,
  children,
}: ErrorCardProps) {
  const told = (of: number) => classes?.[of] ?? valueWords(of);
  return (
    <li className="grid min-w-0 content-start gap-0.5 rounded-md border border-line p-2 text-xs">
      {thumbnail && <Thumbnail place={place} sampleKey={key} size={80} />}
      <span title={key} className="truncate font-mono text-muted">
        {key}
      </span>
      {truth !== null && <span className="truncate">truth: {told(truth)}</span>}
      {predicted !== null && <span className="truncate font-medium">answer: {told(predicted)}</span>}
      {figure !== "" && (
        <span className="text-muted">
          {figure} {significantWords(value, 3).replace("-", "−")}
        </span>
      )}
      {near && (
        <span title={near.key} className="truncate text-warning">
          like {near.key} in train
        </span>
      )}
      {children}
    </li>
  );
}

import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import type { Finding } from "@/lib/wire/data/statements.ts";
import { findingWords } from "@/lib/words/check-words.ts";

type SampleRowProps = {
  place: { slug: string; manifest: string };
  finding: Finding;
  /** Keys of the samples that have a thumbnail. */
  thumbnailed: Set<string>;
};

/** The samples of one finding, side by side, each with its split. */
export function SampleRow({ place, finding, thumbnailed }: SampleRowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
      {finding.keys.map((key, index) => (
        <span key={key} className="inline-flex items-center gap-1.5">
          {thumbnailed.has(key) && <Thumbnail place={place} sampleKey={key} size={32} />}
          <span className="font-mono wrap-anywhere">{key}</span>
          <span className="text-muted">{finding.splits[index]}</span>
        </span>
      ))}
      <span className="text-muted">{findingWords(finding)}</span>
    </div>
  );
}

import { Check } from "lucide-react";
import Link from "next/link";
import { Time } from "@/app/_ui/parts/time.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { reviewHref } from "@/app/paths.ts";
import type { HistoryStudy } from "@/lib/wire/reviews/history.ts";
import { listWords } from "@/lib/words/numbers.ts";

type ApprovalProps = { slug: string; approval: NonNullable<HistoryStudy["approval"]> };

/** Who approved, where, and what they said. */
export function Approval({ slug, approval: { review, by, words, at } }: ApprovalProps) {
  return (
    <div className="grid max-w-160 gap-1">
      <p className="flex flex-wrap items-center gap-1.5">
        <Check aria-hidden className="size-4 text-finished" />
        Approved by {listWords(by)} in{" "}
        <Link href={reviewHref(slug, review)} prefetch={false} className="underline">
          review {review}
        </Link>
        <span className="text-muted">
          <Time at={at} />
        </span>
      </p>
      {words.map((word) => (
        <div key={word} className="prose pl-5.5 text-sm wrap-anywhere">
          <Written text={word} />
        </div>
      ))}
    </div>
  );
}

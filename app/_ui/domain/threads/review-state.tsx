import type { ReviewState as State } from "@/lib/wire/reviews/reviews.ts";
import { reviewStateWords } from "@/lib/words/reviews/review-words.ts";
import { Badge } from "../../parts/badge.tsx";

const tones = { waiting: "plain", "changes-requested": "warning", approved: "accent", closed: "plain" } as const;

/** Where a review stands. */
export const ReviewState = ({ state }: { state: State }) => (
  <Badge tone={tones[state]}>{reviewStateWords(state)}</Badge>
);

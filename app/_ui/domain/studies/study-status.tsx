import type { StudyStatus } from "@/lib/wire/studies/studies.ts";
import { studyStatusWords } from "@/lib/words/studies/study-words.ts";
import { Badge } from "../../parts/badge.tsx";

const tones = { draft: "plain", open: "accent", paused: "warning", concluded: "plain" } as const;

export const StudyStatusBadge = ({ status }: { status: StudyStatus }) => (
  <Badge tone={tones[status]}>{studyStatusWords(status)}</Badge>
);

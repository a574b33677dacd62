import type { CheckName } from "@/lib/wire/data/checks.ts";

/** What a link's fragment names a check by. */
export const checkId = (name: CheckName): string => `check-${name}`;

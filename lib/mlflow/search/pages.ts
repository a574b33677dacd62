/** Pages of a search: a token is the place where the next begins. Pure. */
import { invalidValue } from "../words/errors.ts";

export const pageToken = (offset: number): string => Buffer.from(JSON.stringify({ offset })).toString("base64");

/** Where a page begins. Throws for a token that was made by nobody here. */
export function offsetOf(token: string | undefined): number {
  if (!token) return 0;
  try {
    const { offset } = JSON.parse(Buffer.from(token, "base64").toString("utf8")) as { offset: unknown };
    if (Number.isSafeInteger(offset) && (offset as number) >= 0) return offset as number;
  } catch {
    // said below
  }
  throw invalidValue("Invalid page token, could not base64-decode");
}

/** One page of a list that is all there. */
export function pageOf<Item>(items: Item[], offset: number, limit: number): { page: Item[]; next_page_token?: string } {
  const page = items.slice(offset, offset + limit);
  const end = offset + page.length;
  return { page, ...(end < items.length ? { next_page_token: pageToken(end) } : {}) };
}

/** Millions of samples a page at a time, in the order of their keys' bytes. */
import type { TransactionSql } from "postgres";

export const SAMPLES_A_PAGE = 20_000;

/**
 * Asks for page after page, each by the last key of the one before, until one has no key, and hands them on; the next is
 * on its way meanwhile. Samples that came a moment ago have no statistics yet: left alone, PostgreSQL would take them for
 * few and sort all that are left for every page, so the transaction, which is for this alone, is told to walk the keys.
 */
export async function eachPage<Page extends { last: string | null }>(
  tx: TransactionSql,
  ask: (after: string) => PromiseLike<Page[]>,
  take: (page: Page) => void,
): Promise<void> {
  await tx`select set_config('enable_sort', 'off', true)`;
  for (let [page] = await ask(""); page && page.last !== null; ) {
    const next = Promise.resolve(ask(page.last));
    take(page);
    [page] = await next;
  }
}

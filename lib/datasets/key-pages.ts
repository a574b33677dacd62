/** Millions of samples a page at a time, in the order of their keys' bytes. */
import type { PendingQuery, Row, TransactionSql } from "postgres";
import { connections } from "../../db/connection.ts";

export const SAMPLES_A_PAGE = 20_000;
/** Pages that are asked for at once: PostgreSQL works on each in a process of its own. */
const PAGES_AT_ONCE = 2;

/** The samples whose keys lie behind `after`, up to `last`: numbers `start` to before `start + samples` in their order. */
export type KeyPage = { after: string; last: string; start: number; samples: number };

/** The pages of a table's rows, such as `manifest_samples where manifest_number = 3`. */
export async function listPages(rows: PendingQuery<Row[]>): Promise<KeyPage[]> {
  const found = await connections().sql.begin("read only", async (tx) => {
    // samples that came a moment ago have no statistics yet, and PostgreSQL would sort them all instead of walking the keys
    await tx`select set_config('enable_sort', 'off', true)`;
    return tx<{ last: string; samples: number }[]>`
      select max(key) as last, count(*)::int as samples
      from (select key, (row_number() over (order by key) - 1) / ${SAMPLES_A_PAGE} as page from ${rows}) numbered
      group by page order by page`;
  });
  let [after, start] = ["", 0];
  return found.map(({ last, samples }) => {
    const page = { after, last, start, samples };
    [after, start] = [last, start + samples];
    return page;
  });
}

/**
 * Asks for a page that joins two tables. Samples that came a moment ago have no statistics yet, and PostgreSQL would hold each
 * of the one against each of the other.
 */
export const askJoined = <Answer>(ask: (tx: TransactionSql) => PromiseLike<Answer>): Promise<Answer> =>
  connections().sql.begin("read only", async (tx) => {
    await tx`select set_config('enable_nestloop', 'off', true)`;
    return ask(tx);
  }) as Promise<Answer>;

/**
 * Asks for page after page and hands the answers on in their order; the next ones are on their way meanwhile. `ask` must
 * not close over what `take` fills: postgres.js keeps the first caller of each statement for ever, for its stack trace.
 */
export async function eachPage<Answer>(
  pages: KeyPage[],
  ask: (page: KeyPage) => PromiseLike<Answer>,
  take: (answer: Answer, page: KeyPage) => void,
): Promise<void> {
  const asked: Promise<Answer>[] = [];
  const askFor = (page: KeyPage | undefined) => {
    if (!page) return;
    const answer = Promise.resolve(ask(page));
    // whoever waits for it is told; nobody does where a page before it failed
    answer.catch(() => {});
    asked.push(answer);
  };
  pages.slice(0, PAGES_AT_ONCE).forEach(askFor);
  for (const [index, page] of pages.entries()) {
    const answer = await asked.shift()!;
    askFor(pages[index + PAGES_AT_ONCE]);
    take(answer, page);
  }
}

/** What a migration may look like, so that it runs beside servers at work: no lock longer than a second, and older servers go on. */

/** Whether a migration makes indexes beside writes, which no transaction may hold: it is made of such statements alone. */
export const isConcurrent = (statements: string[]): boolean =>
  statements.length > 0 && statements.every((statement) => /\bindex\s+concurrently\b/i.test(statement));

/** A form, why it isn't taken, and what to write in its place. */
type Form = { pattern: RegExp; why: string };

/** Forms that hold a table for as long as it has rows to read or write. A table that the migration itself makes has none. */
const longLocks: Form[] = [
  {
    pattern: /^create\s+(unique\s+)?index\s+(?!concurrently\b)/i,
    why: "an index is made with nobody writing: write CREATE INDEX CONCURRENTLY, in a migration of such statements alone",
  },
  {
    pattern: /\badd\s+column\b.*\bdefault\b.*(random|uuid|clock_timestamp|timeofday|nextval)\w*\s*\(/i,
    why: "a volatile default writes every row anew: add the column without it, set the default, and fill rows in pieces",
  },
  {
    pattern: /\badd\s+column\b[^;]*\b(serial|bigserial|smallserial|generated\s+(always|by\s+default))\b/i,
    why: "a column that is computed writes every row anew: add it plain, and fill rows in pieces",
  },
  {
    pattern: /\balter\s+column\b[^;]*\b(set\s+data\s+)?type\b/i,
    why: "another type writes every row anew: add a second column, and fill it in pieces",
  },
  {
    pattern: /\balter\s+column\b[^;]*\bset\s+not\s+null\b/i,
    why: "every row is read under the lock: add CHECK (… is not null) NOT VALID, and validate it in a later migration",
  },
  {
    pattern: /\badd\s+constraint\b(?![^;]*\bnot\s+valid\b)[^;]*\b(check|foreign\s+key)\b/i,
    why: "every row is read under the lock: add it NOT VALID, and validate it in a later migration",
  },
  {
    pattern: /\badd\s+(constraint\s+\S+\s+)?(unique|primary\s+key|exclude)\b(?![^;]*\busing\s+index\b)/i,
    why: "its index is made under the lock: make the index concurrently, then ADD CONSTRAINT … USING INDEX",
  },
  {
    pattern: /^(cluster|vacuum\s+full|reindex\s+(?!.*concurrently))/i,
    why: "the table is written anew under the lock",
  },
  {
    pattern: /^(update|delete\s+from)\b/i,
    why: "rows of a table that is in use are changed in one transaction: fill them in pieces after the start (lib/jobs)",
  },
];

/** Forms that older servers can't live with: their statements name what is gone, or write what is refused. */
const breaks: Form[] = [
  { pattern: /^drop\s+(table|view|function|type|trigger)\b/i, why: "older servers use what it drops" },
  { pattern: /\bdrop\s+column\b/i, why: "older servers name the column" },
  { pattern: /\brename\s+(to|column|constraint)\b/i, why: "older servers use the former name" },
  {
    pattern: /\balter\s+column\b[^;]*\b(set\s+not\s+null|drop\s+default|(set\s+data\s+)?type)\b/i,
    why: "older servers write what it refuses",
  },
  {
    pattern: /\badd\s+column\b(?![^;]*\bdefault\b)[^;]*\bnot\s+null\b/i,
    why: "older servers write rows without the column",
  },
  { pattern: /\badd\s+constraint\b[^;]*\bcheck\b/i, why: "older servers may write what it refuses" },
];

export type Fault = { statement: string; why: string; breaks: boolean };

/** What stands against a migration that runs beside servers at work. Tables that it makes itself are nobody's yet. */
export function faultsOf(statements: string[]): Fault[] {
  const bare = statements.flatMap((text) => split(text));
  const made = new Set(bare.flatMap((one) => nameIn(one, /create table(?: if not exists)?/)));
  const mixed = bare.some((one) => /\bindex\s+concurrently\b/i.test(one)) && !isConcurrent(bare);
  const faults: Fault[] = mixed
    ? [{ statement: bare[0]!, why: "a migration with CONCURRENTLY holds such statements alone", breaks: false }]
    : [];
  for (const statement of bare) {
    const [table] = nameIn(statement, /alter table(?: only)?|create .*? on|update|delete from/);
    if (table && made.has(table)) continue;
    const judge = (forms: Form[], isBreak: boolean) =>
      forms.flatMap(({ pattern, why }) => (pattern.test(statement) ? [{ statement, why, breaks: isBreak }] : []));
    faults.push(...judge(longLocks, false), ...judge(breaks, true));
  }
  return faults;
}

/** Statements without comments, bodies of functions and line breaks. */
const split = (text: string): string[] =>
  text
    .replace(/--.*$/gm, "")
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .split(";")
    .map((one) => one.replace(/\s+/g, " ").trim())
    .filter(Boolean);

/** The table's name without quotes and schema; empty: the statement is of another form. */
function nameIn(statement: string, before: RegExp): string[] {
  const found = new RegExp(`^(?:${before.source})\\s+((?:"?\\w+"?\\.)?"?\\w+"?)`, "i").exec(statement)?.[1];
  return found ? [found.replaceAll('"', "").split(".").at(-1)!] : [];
}

/** The language of filters: clauses joined by AND. Pure; what a clause may be about is said where it is used. */
import { invalidValue } from "../words/errors.ts";

export type Comparator =
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "LIKE"
  | "ILIKE"
  | "IN"
  | "NOT IN"
  | "IS NULL"
  | "IS NOT NULL";
export type Value =
  | { kind: "number"; number: number }
  | { kind: "text"; text: string }
  | { kind: "list"; texts: string[] };
/** What a clause or an order is about: `metrics.loss` has the entity `metrics`; a word alone has none. */
export type Identifier = { entity: string | null; key: string };
/** `value`: null of IS NULL and IS NOT NULL. */
export type Clause = Identifier & { comparator: Comparator; value: Value | null };

const CHARACTERS_MAX = 20_000;
const CLAUSES_MAX = 100;

const patterns = {
  space: /\s+/y,
  and: /AND\b/iy,
  identifier: /(?:([A-Za-z]+)\s*\.\s*)?(?:`([^`]+)`|"([^"]+)"|([\p{L}\p{N}_][\p{L}\p{N}\p{M}_.]*))/uy,
  bare: /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.]*/uy,
  nulls: /IS\s+(NOT\s+)?NULL\b/iy,
  comparator: /(<=|>=|!=|=|<|>)|(NOT\s+IN|ILIKE|LIKE|IN)\b/iy,
  number: /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/uy,
  text: /'([^']*)'|"([^"]*)"/y,
  list: /\(\s*((?:'[^']*'|"[^"]*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*)?\s*,?\s*\)/y,
};

/** The clauses of a filter; none of an empty one. Throws for what isn't of the language: OR, NOT, parentheses and the like. */
export function parseFilter(filter: string | undefined): Clause[] {
  const source = filter ?? "";
  if (source.length > CHARACTERS_MAX) throw invalidValue(`a filter has at most ${CHARACTERS_MAX} characters`);
  const scan = new Scan(source);
  const clauses: Clause[] = [];
  scan.skip();
  while (!scan.isDone) {
    if (clauses.length > 0 && !scan.take(patterns.and)) throw scan.refusal("expected AND");
    if (clauses.length === CLAUSES_MAX) throw invalidValue(`a filter has at most ${CLAUSES_MAX} clauses`);
    clauses.push(clauseOf(scan));
  }
  return clauses;
}

/** What one string of `order_by` says: `metrics.loss DESC`. */
export function parseOrder(order: string): Identifier & { isDescending: boolean } {
  const scan = new Scan(order);
  scan.skip();
  const identifier = identifierOf(scan);
  const direction = scan.take(/(ASC|DESC)\b/iy)?.[1];
  if (!scan.isDone) throw invalidValue(`Invalid ordering key in order_by clause: ${order.slice(0, 200)}`);
  return { ...identifier, isDescending: direction?.toUpperCase() === "DESC" };
}

class Scan {
  private at = 0;
  constructor(private readonly source: string) {}

  get isDone(): boolean {
    return this.at >= this.source.length;
  }

  skip(): void {
    this.match(patterns.space);
  }

  /** What stands here, and the space behind it passed over; null: something else does. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = this.match(pattern);
    if (found) this.skip();
    return found;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  refusal(why: string) {
    const rest = this.source.slice(this.at, this.at + 60);
    return invalidValue(
      `Invalid clause(s) in filter string: ${why} at ${JSON.stringify(rest)} of ${JSON.stringify(this.source.slice(0, 200))}`,
    );
  }
}

function identifierOf(scan: Scan): Identifier {
  const found = scan.take(patterns.identifier);
  if (!found) throw scan.refusal("expected a name such as metrics.loss or params.`a b`");
  const [, entity, ticked, quoted, bare] = found;
  const key = ticked ?? quoted ?? bare!;
  return { entity: entity ?? null, key };
}

function clauseOf(scan: Scan): Clause {
  const identifier = identifierOf(scan);
  const nulls = scan.take(patterns.nulls);
  if (nulls) return { ...identifier, comparator: nulls[1] ? "IS NOT NULL" : "IS NULL", value: null };
  const found = scan.take(patterns.comparator);
  if (!found) throw scan.refusal("expected a comparator");
  const comparator = (found[1] ?? found[2]!.toUpperCase().replace(/\s+/, " ")) as Comparator;
  return { ...identifier, comparator, value: readValue(scan, comparator) };
}

function readValue(scan: Scan, comparator: Comparator): Value {
  if (comparator === "IN" || comparator === "NOT IN") {
    const list = scan.take(patterns.list);
    if (!list) throw scan.refusal("expected a list of quoted texts in parentheses");
    const texts = [...(list[1] ?? "").matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double!);
    if (texts.length === 0)
      throw invalidValue("While parsing a list in the query, expected a non-empty list of string values");
    return { kind: "list", texts };
  }
  const number = scan.take(patterns.number);
  if (number) return { kind: "number", number: Number(number[0]) };
  const text = scan.take(patterns.text);
  if (text) return { kind: "text", text: text[1] ?? text[2]! };
  const bare = scan.take(patterns.bare);
  if (bare)
    throw invalidValue(
      `Expected a quoted string value (e.g. 'my-value') or a number. Got value ${bare[0].slice(0, 100)}`,
    );
  throw scan.refusal("expected a number or a quoted text");
}

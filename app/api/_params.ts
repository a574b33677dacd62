/** The parts of a path as they were sent, decoded once. */

export type Params = Record<string, string | string[]>;

/**
 * Next.js hands over the parts of a path decoded, but for slashes and the like, so that `100%.txt` and `a%2Fb` can't be
 * told from what it left alone. So each part is looked up in the address itself, which is decoded here.
 */
export function decodeParams(url: string, params: Params): Params {
  const sent = new Map<string, string>();
  for (const part of new URL(url).pathname.split("/")) {
    const decoded = decodeURIComponent(part);
    sent.set(nextForm(decoded), decoded);
  }
  const decode = (part: string) => sent.get(part) ?? part;
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.map(decode) : decode(value)]),
  );
}

/** How Next.js hands over a part: its delimiters are escaped again, and what looks like an escape of one. */
const nextForm = (decoded: string): string => decoded.replace(/[/#?\\]|%(2f|23|3f|5c)/gi, encodeURIComponent);

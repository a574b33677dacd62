/** Whom a text names by `@Name`. Pure. */

export type Named = { id: string; name: string };

const wordBefore = /[\p{L}\p{N}_]$/u;
const wordAfter = /^[\p{L}\p{N}_]/u;

/** The members who are named, by id: of names that begin alike the longest, and all who share one. */
export function mentionedIn(text: string, members: readonly Named[]): string[] {
  const longestFirst = members.filter(({ name }) => name !== "").toSorted((a, b) => b.name.length - a.name.length);
  const found = new Set<string>();
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (wordBefore.test(text.slice(0, at))) continue;
    const rest = text.slice(at + 1);
    const hit = longestFirst.find(({ name }) => rest.startsWith(name) && !wordAfter.test(rest.slice(name.length)));
    for (const { id, name } of members) if (hit && name === hit.name) found.add(id);
  }
  return [...found];
}

/** Names of files, as the headers of a patch have them. Pure. */

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** The name in a line `--- a/name` or `+++ b/name`, its prefix still there; null for no file. */
export function nameInHeader(line: string): string | null {
  const raw = line.slice(4);
  if (raw.startsWith('"')) return unquoted(raw).name;
  // git puts a tab behind a name with spaces, others a tab and the time
  const name = raw.replace(/\t.*$/, "");
  return name === "/dev/null" ? null : name;
}

/** A name in double quotes: bytes of UTF-8 as octal numbers, and C's escapes. `next`: behind the last quote. */
function unquoted(text: string): { name: string; next: number } {
  const bytes: Uint8Array[] = [];
  let at = 1;
  while (at < text.length && text[at] !== '"') {
    const [, octal, letter] = /^\\(?:([0-7]{3})|(.))/.exec(text.slice(at, at + 4)) ?? [];
    if (octal !== undefined) bytes.push(Uint8Array.of(Number.parseInt(octal, 8)));
    else if (letter !== undefined) bytes.push(Uint8Array.of(escapes[letter] ?? letter.charCodeAt(0)));
    else bytes.push(Buffer.from(String.fromCodePoint(text.codePointAt(at)!)));
    at += octal !== undefined ? 4 : letter !== undefined ? 2 : text.codePointAt(at)! > 0xffff ? 2 : 1;
  }
  return { name: Buffer.concat(bytes).toString("utf8"), next: at + 1 };
}

/** Both names of a line `diff --git a/name b/name`, which alone says them of a file whose content is the same. */
export function namesOfGitLine(line: string): [from: string | null, to: string | null] {
  const rest = line.slice("diff --git ".length);
  if (rest.startsWith('"')) {
    const { name, next } = unquoted(rest);
    return withoutPrefixes(name, nameInHeader(`+++ ${rest.slice(next + 1)}`));
  }
  if (rest.endsWith('"')) {
    const quote = rest.indexOf(' "');
    return withoutPrefixes(rest.slice(0, quote), nameInHeader(`+++ ${rest.slice(quote + 1)}`));
  }
  // names may hold spaces: without a renaming, which its own lines say, both halves are as long
  const middle = (rest.length - 1) / 2;
  const isEven = Number.isInteger(middle) && rest[middle] === " ";
  const space = isEven ? middle : rest.indexOf(" ");
  return withoutPrefixes(rest.slice(0, space), rest.slice(space + 1));
}

/** What git may put before the names: the tree, the index, the working folder, a commit, an object. */
const prefixes = ["a/b", "c/w", "i/w", "c/i", "o/w", "b/a", "w/c", "w/i", "i/c", "1/2"];

export function withoutPrefixes(from: string | null, to: string | null): [from: string | null, to: string | null] {
  const isPrefixed = prefixes.some((pair) => {
    const [one, other] = pair.split("/");
    return (from === null || from.startsWith(`${one}/`)) && (to === null || to.startsWith(`${other}/`));
  });
  return isPrefixed ? [from?.slice(2) ?? null, to?.slice(2) ?? null] : [from, to];
}

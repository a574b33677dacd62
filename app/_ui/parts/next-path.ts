/** `next` if it is a path of this site, else home: `//host` and `/\host` would lead elsewhere. */
export function pathWithin(next: unknown): string {
  const base = "http://here.invalid";
  if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, base)) return "/";
  const url = new URL(next, base);
  const path = url.pathname + url.search;
  return url.origin === base && !path.startsWith("//") ? path : "/";
}

/** Which part of a file a request asks for (RFC 9110, sections 13 and 14). */

/** Both ends count from 0 and belong to the part. */
export type FilePart = { first: number; last: number };

/**
 * `known`: the asker has the file that `tag` names. `beyond`: the file has no such bytes. Several ranges at once are
 * answered with the whole, which the standard allows, as are those that `if-range` says are of another file.
 */
export function askedPart(headers: Headers, tag: string, sizeBytes: number): FilePart | "known" | "whole" | "beyond" {
  const known = headers.get("if-none-match")?.split(",") ?? [];
  if (known.some((one) => ["*", tag].includes(one.trim().replace(/^W\//, "")))) return "known";
  const ifRange = headers.get("if-range");
  const range = /^bytes=(\d*)-(\d*)$/i.exec(headers.get("range")?.trim() ?? "");
  if (!range || (ifRange !== null && ifRange.trim() !== tag)) return "whole";
  const [from, to] = [range[1] ?? "", range[2] ?? ""];
  if (from === "" && to === "") return "whole";
  const first = from === "" ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return "whole";
  return first > last ? "beyond" : { first, last };
}

/** The files that differ, with how many lines each: links to their lines below, or to the file by itself. */
import { anchorOf, LineCounts, nameOf } from "@/app/_ui/figures/code-difference.tsx";
import { placeHref } from "@/app/paths.ts";
import type { ShownCode } from "@/lib/compare/code/shown.ts";
import { countWords } from "@/lib/words/numbers.ts";
import type { SearchParams } from "../compare-address.ts";
import { codeHref } from "./code-address.ts";

type FilesListProps = { code: ShownCode; file: string; params: SearchParams };

export function FilesList({ code, file, params }: FilesListProps) {
  if (code.files.length === 0) return null;
  return (
    <details open={code.files.length <= 20} className="text-sm">
      <summary className="flex h-8 flex-wrap items-center gap-2">
        {countWords(code.files.length + code.beyond, "file")}
        <LineCounts {...code} />
        {file !== "" && (
          <a href={codeHref(params, { file: "" })} className="text-accent hover:underline">
            show all of them
          </a>
        )}
      </summary>
      <ul aria-label="Files" className="grid gap-x-6 md:grid-cols-2">
        {code.files.map((one) => (
          <li key={`${one.sides} ${one.from} ${one.to}`} className="flex min-h-6 items-center gap-2 font-mono text-xs">
            <a
              href={
                one.blocks === null && one.lines > 0
                  ? codeHref(params, { file: nameOf(one) })
                  : placeHref(anchorOf(one))
              }
              className="min-w-0 wrap-anywhere hover:underline"
            >
              <bdi>{nameOf(one)}</bdi>
            </a>
            <LineCounts {...one} className="ml-auto" />
          </li>
        ))}
      </ul>
    </details>
  );
}

import { Fragment, type ReactNode } from "react";

type FactsTableProps = { label: string; facts: [key: string, value: ReactNode][]; mono?: boolean };

/** Keys and values in two columns. */
export function FactsTable({ label, facts, mono = true }: FactsTableProps) {
  return (
    <table aria-label={label} className="w-full table-fixed text-sm">
      <tbody>
        {facts.map(([key, value], at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two facts may have one name, and none moves
          <tr key={at} className="border-b border-line align-top last:border-0">
            <th scope="row" className="w-2/5 py-1.5 pr-4 text-left font-normal wrap-anywhere text-muted">
              <BreakableKey words={key} />
            </th>
            <td className={`py-1.5 wrap-anywhere [&_button]:-my-1.5 ${mono ? "font-mono text-xs leading-5" : ""}`}>
              {value}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A dotted key breaks after a dot before it breaks within a word. */
export function BreakableKey({ words }: { words: string }) {
  const parts = words.split(".");
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts never move
    <Fragment key={index}>
      {part}
      {index < parts.length - 1 && (
        <>
          .<wbr />
        </>
      )}
    </Fragment>
  ));
}

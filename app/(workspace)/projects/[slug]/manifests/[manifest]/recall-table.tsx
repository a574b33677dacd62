import type { Recall } from "@/lib/wire/data/recall.ts";
import { alterationWords, recallWords } from "@/lib/words/check-words.ts";
import { numberWords } from "@/lib/words/numbers.ts";

/** What a search of near duplicates finds of altered copies that were planted in it, by kind. */
export function RecallTable({ recall }: { recall: Recall[] }) {
  return (
    <table className="my-2 text-xs">
      <caption className="pb-1 text-left text-muted">
        Found of {numberWords(recall[0]!.planted)} altered copies of the set's own images, planted in the search; with
        the 95 % interval
      </caption>
      <tbody>
        {recall.map((one) => (
          <tr key={one.kind} className="border-t border-line">
            <th scope="row" className="py-1 pr-6 text-left font-normal">
              {alterationWords(one.kind)}
            </th>
            <td className="py-1 text-right tabular-nums whitespace-nowrap">{recallWords(one)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

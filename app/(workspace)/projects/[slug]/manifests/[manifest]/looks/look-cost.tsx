import type { Ledger } from "@/lib/wire/evaluations/looks.ts";
import { countWords, decimalWords, numberWords } from "@/lib/words/numbers.ts";

/** Half-widths of an accuracy's interval by what the looks were, and how much was told. Rates are shown in per cent. */
export function LookCost({ ledger: { halfWidths, samples, freshSamples, budget } }: { ledger: Ledger }) {
  if (halfWidths === null) return null;
  const { single, nonAdaptive, adaptiveWorst, optimism, bits, values } = halfWidths;
  const rows = [
    ["One look", single, "as if it were the first"],
    ["These looks, at models fixed before", nonAdaptive, "all of them hold at once"],
    ["These looks, each model chosen by the answers before", adaptiveWorst, "at worst"],
  ] as const;
  return (
    <div className="grid gap-4 text-sm">
      <table className="w-full max-w-180">
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-muted">
            <th className="font-medium">If the looks were</th>
            <th className="px-3 text-right font-medium">±, percentage points</th>
            <th className="pl-3 font-medium">Then</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, width, note]) => (
            <tr key={name} className="h-8 border-b border-line last:border-b-0">
              <td>{name}</td>
              <td className="px-3 text-right tabular-nums">{decimalWords(Math.min(1, width) * 100, 2)}</td>
              <td className="pl-3 text-muted">{note}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="max-w-[72ch] text-muted">
        At most {countWords(Math.ceil(bits), "bit")} of the labels were told: a look answers one of{" "}
        {numberWords(values)} values. By Hoeffding's inequality and union bounds, for an accuracy on{" "}
        {countWords(samples, "independent sample")}.
        {optimism > 0 &&
          ` Whoever quotes the best of these looks flatters it by up to ${decimalWords(optimism * 100, 2)} points, were all equally good.`}
        {freshSamples !== null &&
          ` A fresh test split of ${numberWords(freshSamples)} samples would take ${countWords(Math.max(1, budget), "look")} as well as this one took its first.`}
      </p>
    </div>
  );
}

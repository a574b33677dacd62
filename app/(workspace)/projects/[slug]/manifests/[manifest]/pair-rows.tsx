/** The cells of two rows of a table side by side; those that differ come first. */
import { cellsIn } from "@/lib/wire/alike/row-features.ts";

const SHOWN = 12;

export function PairRows({ a, b }: { a: string; b: string }) {
  const [first, second] = [cellsIn(a), cellsIn(b)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  const isOther = (name: string) => first.get(name) !== second.get(name);
  const ordered = [...names.filter(isOther), ...names.filter((name) => !isOther(name))];
  const left = ordered.length - SHOWN;
  return (
    <div className="col-span-2 overflow-x-auto">
      <table className="w-full tabular-nums">
        <tbody>
          {ordered.slice(0, SHOWN).map((name) => (
            <tr key={name} className={isOther(name) ? "font-medium" : "text-muted"}>
              <th className="max-w-32 truncate pr-2 text-left font-normal" title={name}>
                {name}
              </th>
              <td className="max-w-32 truncate pr-2">{first.get(name) ?? ""}</td>
              <td className="max-w-32 truncate">{second.get(name) ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p className="pt-1 text-muted">and {left} more columns</p>}
    </div>
  );
}

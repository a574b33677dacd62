import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Facts } from "@/app/_ui/report/frame/facts.tsx";
import { runHref, studyHref } from "@/app/paths.ts";
import type { TransferData } from "@/lib/studies/panels/trust/transfer.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { searchedWords } from "@/lib/words/studies/panels/panel-words.ts";
import { drawn, type PanelProps } from "../frame/panel.ts";

/** Where weights and settings came from, and how likely what was tuned on other budgets holds. */
function Transfer({ data, project }: PanelProps & { data: TransferData }) {
  const { backbones, freezing, lineage, carried, budgets } = data;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Facts
        facts={[
          ...backbones.map(({ run, name, checkpoint, trials }): [string, React.ReactNode] => [
            "Backbone",
            <>
              <Link prefetch={false} href={runHref(project.slug, run)} className="text-accent underline">
                {name ?? run}
              </Link>
              {checkpoint && `, ${checkpoint}`}, of {countWords(trials, "trial")}
            </>,
          ]),
          ...freezing.map(({ key, value }): [string, string] => [key, searchedWords(value)]),
          ...lineage.map(({ number, title, decision, chosen }): [string, React.ReactNode] => [
            `Study ${number}`,
            <>
              <Link prefetch={false} href={studyHref(project.slug, number)} className="text-accent underline">
                {title}
              </Link>
              {chosen === null
                ? ", nothing adopted"
                : `, ${chosen === "incumbent" ? "the loop’s incumbent" : `trial ${chosen}`} ${decision === "reject" ? "not adopted" : "adopted"}`}
            </>,
          ]),
        ]}
      />
      {budgets && (
        <div className="grid min-w-0 gap-1">
          <h3 className="text-sm font-medium">
            Kept from runs of {numberWords(budgets.before)} steps, for runs of {numberWords(budgets.now)}
          </h3>
          <WideTable label="What was carried over">
            <table className="table flush dense max-w-160">
              <thead>
                <tr>
                  <th>Setting</th>
                  <th>Value</th>
                  <th>Holds</th>
                </tr>
              </thead>
              <tbody>
                {carried.map(({ key, value, transfers }) => (
                  <tr key={key}>
                    <td>{key}</td>
                    <td>{searchedWords(value)}</td>
                    <td>{transfers}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </WideTable>
        </div>
      )}
    </div>
  );
}

export const transferPanel = drawn("transfer", Transfer);

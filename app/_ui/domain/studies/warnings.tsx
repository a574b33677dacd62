"use client";
/** What the tuning playbook says of a plan: the gate, three gauges, and warnings with their rules. */
import { Check, CircleAlert, CircleX, Info, type LucideIcon, Minus } from "lucide-react";
import { type Gauges, gateOf, type WarnedPlan } from "@/lib/studies/warnings.ts";
import { type GateItem, gravityOf, type PlanWarning, type WarningGravity } from "@/lib/wire/studies/warnings.ts";
import { numberWords, significantWords } from "@/lib/words/numbers.ts";
import {
  gateWords,
  gravityWords,
  warningDetail,
  warningRule,
  warningTitle,
} from "@/lib/words/studies/warning-words.ts";
import { TextField } from "../../parts/field.tsx";

const looks: Record<WarningGravity, { icon: LucideIcon; color: string }> = {
  stop: { icon: CircleX, color: "text-danger" },
  block: { icon: CircleX, color: "text-danger" },
  warning: { icon: CircleAlert, color: "text-warning" },
  note: { icon: Info, color: "text-muted" },
};

export function PlanGauges({ gauges, plan }: { gauges: Gauges; plan: WarnedPlan }) {
  const there = gateOf(plan);
  return (
    <div className="grid gap-3 text-sm">
      <h2 className="text-base font-medium">Before it begins</h2>
      <ul className="grid gap-1">
        {(Object.keys(there) as GateItem[]).map((item) => (
          <li key={item} className={`flex items-start gap-2 ${there[item] ? "" : "text-muted"}`}>
            {there[item] ? (
              <Check aria-label="done:" className="mt-0.5 size-4 shrink-0 text-finished" />
            ) : (
              <Minus aria-label="missing:" className="mt-0.5 size-4 shrink-0" />
            )}
            {gateWords(item)}
          </li>
        ))}
      </ul>
      <dl className="grid grid-cols-3 gap-2 tabular-nums">
        <Gauge label="trials a value" value={gauges.perValue} title="Of what the study asks about" />
        <Gauge label="axes" value={gauges.dimensions} title="Ranges, and nuisance parameters" />
        <Gauge label="values an axis" value={gauges.perAxis} title="The d-th root of the trials, of d axes" />
      </dl>
    </div>
  );
}

function Gauge({ label, value, title }: { label: string; value: number | null; title: string }) {
  return (
    <div title={title}>
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="text-base">
        {value === null ? "–" : Number.isInteger(value) ? numberWords(value) : significantWords(value, 2)}
      </dd>
    </div>
  );
}

type PlanWarningsProps = {
  warnings: PlanWarning[];
  /** By the kind of the warning. */
  reasons: Record<string, string>;
  /** Left out: they are only shown. */
  onReason?: (kind: string, reason: string) => void;
};

export function PlanWarnings({ warnings, reasons, onReason }: PlanWarningsProps) {
  return (
    <section className="grid gap-3 text-sm" aria-label="Warnings of the playbook">
      {warnings.length === 0 ? (
        <p className="text-muted">The tuning playbook has nothing against this plan.</p>
      ) : (
        <ul className="grid gap-4">
          {warnings.map((warning) => (
            <li key={warning.kind} className="grid gap-2">
              <WarningLine warning={warning} />
              {gravityOf(warning) === "block" && onReason && (
                <TextField
                  label={`Why it is meant so (${warningRule(warning)})`}
                  name={`reasons.${warning.kind}`}
                  rows={2}
                  value={reasons[warning.kind] ?? ""}
                  onChange={(event) => onReason(warning.kind, event.target.value)}
                  hint="Without a reason the study can’t be opened; it stays beside the results."
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function WarningLine({ warning }: { warning: PlanWarning }) {
  const { icon: Icon, color } = looks[gravityOf(warning)];
  return (
    <div className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2">
      <Icon aria-hidden className={`mt-0.5 size-4 ${color}`} />
      <div className="grid gap-0.5">
        <p className="font-medium">
          {warningTitle(warning)}{" "}
          <span className="text-xs font-normal text-muted">
            {warningRule(warning)}, {gravityWords(warning)}
          </span>
        </p>
        <p className="text-muted">{warningDetail(warning)}</p>
      </div>
    </div>
  );
}

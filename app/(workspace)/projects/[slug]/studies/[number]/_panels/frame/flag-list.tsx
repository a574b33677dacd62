/** What a check saw, by which rule of the tuning playbook, and what to do. */
import { type FlagTone, flagRules, type StudyFlag } from "@/lib/wire/studies/flags.ts";
import { flagWords } from "@/lib/words/studies/panels/panel-words.ts";

const tones: Record<FlagTone, string> = {
  danger: "bg-danger-soft text-danger",
  warning: "bg-warning-soft text-warning",
  note: "bg-hover text-muted",
};

/** More of them stand behind a line that opens. */
const SHOWN = 4;

export function FlagList({ flags }: { flags: readonly StudyFlag[] }) {
  if (flags.length === 0) return null;
  const more = flags.slice(SHOWN);
  return (
    <div className="grid gap-1.5">
      <Flags flags={flags.slice(0, SHOWN)} />
      {more.length > 0 && (
        <details>
          <summary className="cursor-pointer text-xs text-muted hover:text-text">{more.length} more</summary>
          <div className="pt-1.5">
            <Flags flags={more} />
          </div>
        </details>
      )}
    </div>
  );
}

function Flags({ flags }: { flags: readonly StudyFlag[] }) {
  return (
    <ul className="grid gap-1.5 text-sm">
      {flags.map((flag) => {
        const { seen, act } = flagWords(flag);
        return (
          <li key={seen} data-flag={flag.kind} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <FlagChip flag={flag} />
            <span className="min-w-0">
              {seen} <span className="text-muted">{act}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Its name and rule alone; the rest on hover. */
export function FlagChip({ flag }: { flag: StudyFlag }) {
  const { rule, name, seen, act } = flagWords(flag);
  return (
    <span
      title={`${seen} ${act}`}
      className={`inline-flex min-h-5 items-center gap-1.5 rounded-full px-2 text-xs font-medium ${tones[flagRules[flag.kind].tone]}`}
    >
      {name}
      <span className="font-normal">{rule}</span>
    </span>
  );
}

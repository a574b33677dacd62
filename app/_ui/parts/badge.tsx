import type { ReactNode } from "react";

const tones = {
  plain: "border-line-strong text-muted",
  accent: "border-transparent bg-accent-soft text-accent",
  warning: "border-transparent bg-warning-soft text-warning",
  danger: "border-transparent bg-danger-soft text-danger",
};

export function Badge({ tone = "plain", children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span className={`inline-flex h-5 items-center rounded-full border px-2 text-xs font-medium ${tones[tone]}`}>
      {children}
    </span>
  );
}

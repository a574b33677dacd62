import type { ReactNode } from "react";

/** Names and what they are; a fact without a value is left out. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid content-start gap-x-6 gap-y-1.5 text-sm sm:grid-cols-[minmax(8rem,auto)_minmax(0,1fr)]">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== false)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The first letters of a digest, the whole of it on hover. */
export function Digest({ of }: { of: string }) {
  return (
    <span className="font-mono text-xs" title={of}>
      {of.slice(0, 12)}
    </span>
  );
}

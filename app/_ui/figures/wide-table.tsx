import type { ReactNode } from "react";

type WideTableProps = {
  /** What a screen reader calls it; without, the table's own caption says it. */
  label?: string;
  className?: string;
  children: ReactNode;
};

/** Around a table that may be wider than its place: it scrolls sideways, by keyboard too, and never the page. */
export function WideTable({ label, className = "", children }: WideTableProps) {
  const Tag = label === undefined ? "div" : "section";
  return (
    // relative: words for screen readers alone would stick out of the page otherwise
    <Tag aria-label={label} className={`relative overflow-x-auto ${className}`.trimEnd()} tabIndex={0}>
      {children}
    </Tag>
  );
}

import type { ReactNode } from "react";

/** What a figure of the header is. */
export const Label = ({ children }: { children: ReactNode }) => (
  <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">{children}</p>
);

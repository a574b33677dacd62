import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type EmptyProps = {
  icon: LucideIcon;
  title: string;
  /** What fills it: words, a snippet, a button. */
  children?: ReactNode;
};

/** Stands where a list has nothing yet, and says how to begin. */
export function Empty({ icon: Icon, title, children }: EmptyProps) {
  return (
    <div className="grid justify-items-center gap-3 px-4 py-16 text-center text-sm">
      <Icon aria-hidden className="size-6 text-muted" strokeWidth={1.5} />
      <h2 className="text-base font-medium">{title}</h2>
      {children && <div className="grid max-w-160 justify-items-center gap-4 text-muted">{children}</div>}
    </div>
  );
}

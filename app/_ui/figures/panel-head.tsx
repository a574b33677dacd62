import { Link2 } from "lucide-react";
import type { ReactNode } from "react";

type PanelHeadProps = {
  /** The panel's, in the address of its link. */
  name: string;
  title: string;
  question: string;
  /** At the right end. */
  children?: ReactNode;
};

/** The heading of a page's panel, with its own link and the question that the panel answers. */
export const PanelHead = ({ name, title, question, children }: PanelHeadProps) => (
  <div className="flex flex-wrap items-baseline gap-x-3">
    <h2 id={`${name}-title`} className="group text-base font-medium">
      {title}
      <a
        href={`#${name}`}
        aria-label={`Link to ${title}`}
        className="ml-1.5 inline-block align-middle text-muted opacity-0 group-hover:opacity-100 focus-visible:opacity-100 print:hidden"
      >
        <Link2 aria-hidden className="size-3.5" />
      </a>
    </h2>
    <p className="text-sm text-muted">{question}</p>
    {children && <span className="ml-auto">{children}</span>}
  </div>
);

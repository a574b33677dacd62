import Link from "next/link";

type AxisLinksProps<Axis extends string> = {
  words: Record<Axis, string>;
  /** What is shown. */
  axis: Axis;
  hrefOf: (axis: Axis) => string;
};

/** What a figure's x-axis may be, as links; the page stays where it is. */
export const AxisLinks = <Axis extends string>({ words, axis, hrefOf }: AxisLinksProps<Axis>) => (
  <nav aria-label="Over" className="flex gap-3 text-xs">
    {(Object.entries(words) as [Axis, string][]).map(([one, word]) => (
      <Link
        key={one}
        href={hrefOf(one)}
        scroll={false}
        prefetch={false}
        aria-current={one === axis ? "true" : undefined}
        className="text-muted hover:text-text aria-[current]:font-medium aria-[current]:text-text"
      >
        {word}
      </Link>
    ))}
  </nav>
);

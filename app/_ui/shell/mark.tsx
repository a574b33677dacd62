import Link from "next/link";
import { homeHref } from "@/app/paths.ts";

/** The name with its mark: a set of samples, the held-out part apart. */
export function Mark() {
  return (
    <Link prefetch={false} href={homeHref} className="flex items-center gap-2 text-base font-semibold tracking-tight">
      <svg aria-hidden viewBox="0 0 20 20" className="size-5 fill-current">
        <rect x="2" y="2" width="7" height="7" rx="1.5" />
        <rect x="11" y="2" width="7" height="7" rx="1.5" />
        <rect x="2" y="11" width="7" height="7" rx="1.5" />
        <rect
          x="11.75"
          y="11.75"
          width="5.5"
          height="5.5"
          rx="1"
          className="fill-transparent stroke-accent"
          strokeWidth="1.5"
        />
      </svg>
      Holdout
    </Link>
  );
}

import Link from "next/link";
import { homeHref } from "@/app/paths.ts";
import { buttonClass } from "./button.tsx";

/** Says that an address leads nowhere. */
export function Nothing() {
  return (
    <div className="grid min-h-[60dvh] content-center justify-items-center gap-4 px-4 py-16 text-center">
      <h1 className="text-xl font-semibold tracking-tight">There is nothing at this address</h1>
      <p className="max-w-100 text-sm text-muted">It may have been deleted, or the link was copied in part.</p>
      <Link prefetch={false} href={homeHref} className={buttonClass("primary")}>
        All projects
      </Link>
    </div>
  );
}

"use client";
/** Puts a run beside others: its replicates, the best, or whichever are found. */
import { Scale } from "lucide-react";
import Link from "next/link";
import { Menu, menuClass, menuItemClass } from "@/app/_ui/overlays/menu.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { compareHref } from "@/app/paths.ts";
import { numberWords } from "@/lib/words/numbers.ts";

type CompareWithProps = {
  slug: string;
  run: string;
  /** How many runs share its recipe, itself among them, and what the filter finds them by. */
  replicates: { count: number; digest: string } | null;
  /** The best that its value can be compared with; null: there is no other. */
  best: { id: string; name: string } | null;
};

export function CompareWith({ slug, run, replicates, best }: CompareWithProps) {
  const beside = (...ids: string[]) => compareHref(slug, new URLSearchParams(ids.map((id) => ["run", id])));
  const ofRecipe = compareHref(slug, new URLSearchParams({ q: `replicates = "${replicates?.digest}"`, baseline: run }));
  return (
    <Menu
      className={buttonClass()}
      content={({ Content, Item }) => (
        <Content align="end" sideOffset={4} className={`${menuClass} max-w-80`}>
          {best && (
            <Item asChild className={menuItemClass}>
              <Link prefetch={false} href={beside(best.id, run)}>
                <span className="truncate">The best run, {best.name}</span>
              </Link>
            </Item>
          )}
          {replicates && replicates.count > 1 && (
            <Item asChild className={menuItemClass}>
              <Link prefetch={false} href={ofRecipe}>
                Its replicates, {numberWords(replicates.count)} runs
              </Link>
            </Item>
          )}
          <Item asChild className={menuItemClass}>
            <Link prefetch={false} href={beside(run)}>
              Another run …
            </Link>
          </Item>
        </Content>
      )}
    >
      <Scale aria-hidden />
      <span className="max-md:sr-only">Compare with …</span>
    </Menu>
  );
}

"use client";
/** Leads to what was told; who goes there has read it. */
import Link from "next/link";
import type { ReactNode } from "react";
import { readOneAction } from "./actions.ts";

type ToldLinkProps = { id: string; href: string; isRead: boolean; children: ReactNode };

export function ToldLink({ id, href, isRead, children }: ToldLinkProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      onClick={() => void (isRead || readOneAction(id))}
      className={`min-w-0 wrap-anywhere hover:text-accent ${isRead ? "" : "font-medium"}`}
    >
      {children}
    </Link>
  );
}

"use client";
/** A button and its menu, whose parts are loaded once somebody reaches for one: a page has many, and few are opened. */
import { type ComponentProps, type ReactNode, useState } from "react";
import { closesOnEscape } from "./escape.ts";
import { NOT_FETCHED } from "./fetched.tsx";
import type { DropdownMenu } from "./menu-parts.ts";
import { useToast } from "./toast.tsx";

export type MenuParts = typeof DropdownMenu;

export const menuClass = "z-50 min-w-40 animate-appear rounded-lg bg-raised p-1 shadow-float";
export const menuItemClass = `flex h-8 items-center gap-2 rounded-md px-2 text-sm outline-none select-none
  data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-muted`;

const load = async () => (await import("./menu-parts.ts")).DropdownMenu;
/** For whoever may open one soon; whoever opens it is told of a failure. */
const prepare = () => void load().catch(() => {});

type MenuProps = Omit<ComponentProps<"button">, "type" | "onClick" | "content"> & {
  onOpen?: () => void;
  /** The content, made of the parts that are given. */
  content: (parts: MenuParts) => ReactNode;
};

export function Menu({ content, onOpen, ...button }: MenuProps) {
  const [Parts, setParts] = useState<MenuParts | null>(null);
  const [isOpen, setIsOpen] = useState(true);
  const toast = useToast();
  if (Parts)
    return (
      <Parts.Root
        open={isOpen}
        onOpenChange={(open) => {
          setIsOpen(open);
          if (open) onOpen?.();
        }}
      >
        <Parts.Trigger {...button} />
        <Parts.Portal>
          <div className="contents" {...closesOnEscape(() => setIsOpen(false))}>
            {content(Parts)}
          </div>
        </Parts.Portal>
      </Parts.Root>
    );
  const open = async () => {
    const parts = await load().catch(() => null);
    if (!parts) return toast({ title: NOT_FETCHED, tone: "danger" });
    onOpen?.();
    setParts(parts);
  };
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={prepare}
      onFocus={prepare}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        void open();
      }}
      {...button}
    />
  );
}

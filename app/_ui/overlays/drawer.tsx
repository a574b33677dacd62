"use client";
/** What lies over a side of the page: a menu on the left, what belongs to a place of the page on the right. */
import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { buttonClass } from "../parts/button.tsx";
import type { DialogBoxProps } from "./dialog-box.tsx";
import { closesOnEscape } from "./escape.ts";

type DrawerProps = Omit<DialogBoxProps, "description"> & { side?: keyof typeof sides };

const sides = { left: "left-0 w-72 max-w-[85vw]", right: "right-0 w-112 max-w-full" };

export function Drawer({ title, onClose, opener, side = "left", children }: DrawerProps) {
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener.current?.focus();
          }}
          {...closesOnEscape(onClose)}
          className={`fixed inset-y-0 z-50 shadow-float ${side === "right" ? "bg-bg" : "bg-surface"} ${sides[side]}`}
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          {children}
          {side === "right" && (
            <Dialog.Close className={`${buttonClass("ghost", true)} absolute top-3 right-3`} aria-label="Close">
              <X aria-hidden />
            </Dialog.Close>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

"use client";
/** What slides in from the left on a small screen. */
import { Dialog } from "radix-ui";
import type { DialogBoxProps } from "./dialog-box.tsx";
import { closesOnEscape } from "./escape.ts";

type DrawerProps = Omit<DialogBoxProps, "description">;

export function Drawer({ title, onClose, opener, children }: DrawerProps) {
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
          className="fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] bg-surface shadow-float"
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

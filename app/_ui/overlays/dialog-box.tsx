"use client";
/** A dialog that is open. */
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode, RefObject } from "react";
import { buttonClass } from "../parts/button.tsx";
import { closesOnEscape } from "./escape.ts";

export type DialogBoxProps = {
  title: string;
  description?: ReactNode;
  onClose: () => void;
  /** What has the focus again when it closes. */
  opener: RefObject<HTMLElement | null>;
  children: ReactNode;
};

export function DialogBox({ title, description, onClose, opener, children }: DialogBoxProps) {
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener.current?.focus();
          }}
          {...closesOnEscape(onClose)}
          className="fixed top-[12vh] left-1/2 z-50 grid max-h-[80vh] w-[calc(100vw-32px)] max-w-120 -translate-x-1/2
            animate-appear gap-4 overflow-y-auto rounded-xl bg-raised p-5 shadow-float"
        >
          <div className="grid gap-1 pr-8">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {description && (
              <Radix.Description className="text-sm text-muted" asChild>
                <div>{description}</div>
              </Radix.Description>
            )}
          </div>
          {children}
          <Radix.Close className={`${buttonClass("ghost", true)} absolute top-3 right-3`} aria-label="Close">
            <X aria-hidden />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

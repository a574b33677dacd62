"use client";
/** The news that are shown now, each for a while, longer where something can be undone. */
import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useTransition } from "react";
import { buttonClass } from "../parts/button.tsx";
import { TAKES_ESCAPE } from "./escape.ts";
import type { Tell, ToastMessage, Undo } from "./toast.tsx";

const UNDO_MS = 12_000;
const PLAIN_MS = 5_000;

type ToastStackProps = { shown: ToastMessage[]; toast: Tell; onDrop: (id: number) => void };

export const ToastStack = ({ shown, toast, onDrop }: ToastStackProps) => (
  <Radix.Provider swipeDirection="right">
    {shown.map((news) => (
      <ToastItem key={news.id} news={news} toast={toast} onClose={() => onDrop(news.id)} />
    ))}
    <Radix.Viewport className="fixed right-4 bottom-4 z-60 grid w-90 max-w-[calc(100vw-32px)] gap-2" />
  </Radix.Provider>
);

type ToastItemProps = { news: ToastMessage; toast: Tell; onClose: () => void };

function ToastItem({ news, toast, onClose }: ToastItemProps) {
  const [pending, startTransition] = useTransition();
  const { undo } = news;
  const runUndo = (action: Undo["action"]) =>
    startTransition(async () => {
      const outcome = await action();
      onClose();
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
    });
  return (
    <Radix.Root
      duration={undo ? UNDO_MS : PLAIN_MS}
      onOpenChange={(open) => !open && onClose()}
      onEscapeKeyDown={(event) => {
        if ((event.target as Element).closest(TAKES_ESCAPE)) event.preventDefault();
      }}
      className="flex animate-appear items-center gap-2 rounded-lg bg-raised py-2 pr-2 pl-4 text-sm shadow-float"
    >
      <Radix.Title className={`min-w-0 flex-1 wrap-anywhere ${news.tone === "danger" ? "text-danger" : ""}`}>
        {news.title}
      </Radix.Title>
      {undo && (
        <Radix.Action altText={undo.label} asChild>
          <button
            type="button"
            className={buttonClass()}
            disabled={pending}
            onClick={(event) => {
              event.preventDefault();
              runUndo(undo.action);
            }}
          >
            {undo.label}
          </button>
        </Radix.Action>
      )}
      <Radix.Close className={buttonClass("ghost", true)} aria-label="Dismiss">
        <X aria-hidden />
      </Radix.Close>
    </Radix.Root>
  );
}

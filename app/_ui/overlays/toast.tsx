"use client";
/** Short news at the page's edge, with a way to undo what was done. */
import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useState, useTransition } from "react";
import { buttonClass } from "../parts/button.tsx";
import type { ActionOutcome } from "../parts/outcome.ts";

type Undo = { label: string; action: () => Promise<ActionOutcome<unknown>> };
type News = { title: string; tone?: "plain" | "danger"; undo?: Undo };
type ToastMessage = News & { id: number };

const UNDO_MS = 12_000;
const PLAIN_MS = 5_000;
const ToastContext = createContext<(news: News) => void>(() => {});

/** `toast({ title, undo: { label, action } })`. Stays through a change of page. */
export const useToast = () => useContext(ToastContext);

let lastId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<ToastMessage[]>([]);
  const toast = useCallback((news: News) => {
    lastId += 1;
    const next = { ...news, id: lastId };
    setShown((before) => [...before.slice(-2), next]);
  }, []);
  const drop = (id: number) => setShown((before) => before.filter((news) => news.id !== id));
  return (
    <ToastContext value={toast}>
      <Radix.Provider swipeDirection="right">
        {children}
        {shown.map((news) => (
          <ToastItem key={news.id} news={news} toast={toast} onClose={() => drop(news.id)} />
        ))}
        <Radix.Viewport className="fixed right-4 bottom-4 z-60 grid w-90 max-w-[calc(100vw-32px)] gap-2" />
      </Radix.Provider>
    </ToastContext>
  );
}

type ToastItemProps = { news: ToastMessage; toast: (news: News) => void; onClose: () => void };

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
        if ((event.target as Element).closest("[data-takes-escape]")) event.preventDefault();
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

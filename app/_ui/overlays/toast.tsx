"use client";
/** Short news at the page's edge, with a way to undo what was done. */
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { useLater } from "../parts/later.ts";
import type { ActionOutcome } from "../parts/outcome.ts";
import type { ToastStack } from "./toast-stack.tsx";

export type Undo = { label: string; action: () => Promise<ActionOutcome<unknown>> };
type News = { title: string; tone?: "plain" | "danger"; undo?: Undo };
export type ToastMessage = News & { id: number };
export type Tell = (news: News) => void;

const ToastContext = createContext<Tell>(() => {});

/** `toast({ title, undo: { label, action } })`. Stays through a change of page. */
export const useToast = () => useContext(ToastContext);

let lastId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<ToastMessage[]>([]);
  const [Stack, setStack] = useState<typeof ToastStack | null>(null);
  const [isAway, setAway] = useState(false);
  const fetchStack = useCallback(
    () =>
      import("./toast-stack.tsx").then(
        ({ ToastStack }) => setStack(() => ToastStack),
        // the next news tries again
        () => setAway(true),
      ),
    [],
  );
  useLater(fetchStack);
  const toast = useCallback<Tell>(
    (news) => {
      lastId += 1;
      const next = { ...news, id: lastId };
      setShown((before) => [...before.slice(-2), next]);
      void fetchStack();
    },
    [fetchStack],
  );
  const drop = (id: number) => setShown((before) => before.filter((news) => news.id !== id));
  return (
    <ToastContext value={toast}>
      {children}
      {Stack ? <Stack shown={shown} toast={toast} onDrop={drop} /> : isAway && <PlainNews shown={shown} />}
    </ToastContext>
  );
}

/** The news where the server was away before the stack's own script was here. */
const PlainNews = ({ shown }: { shown: ToastMessage[] }) => (
  <ul role="status" className="fixed right-4 bottom-4 z-60 grid w-90 max-w-[calc(100vw-32px)] gap-2">
    {shown.map(({ id, title, tone }) => (
      <li
        key={id}
        className={`rounded-lg bg-raised px-4 py-2 text-sm shadow-float wrap-anywhere ${tone === "danger" ? "text-danger" : ""}`}
      >
        {title}
      </li>
    ))}
  </ul>
);

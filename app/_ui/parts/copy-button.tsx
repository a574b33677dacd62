"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";

const SHOWN_MS = 2_000;

type CopyButtonProps = { text: string; label?: string; icon?: boolean };

/** Copies `text`; says that it did. `icon`: the icon alone, the label for those who listen. */
export function CopyButton({ text, label = "Copy", icon = false }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      // browsers give no clipboard to a page served without TLS from another machine
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  const words = { idle: label, copied: "Copied", refused: "Select and copy by hand" }[state];
  return (
    <Button look={icon ? "ghost" : "plain"} icon={icon} onClick={() => void copy()} title={words} aria-label={words}>
      {state === "copied" ? <Check aria-hidden /> : <Copy aria-hidden />}
      {!icon && <span aria-live="polite">{words}</span>}
    </Button>
  );
}

/** A line or block to copy: a snippet, a secret, a link. */
export function Snippet({ text, label }: { text: string; label?: string }) {
  return (
    <div className="flex w-full min-w-0 items-start gap-2 rounded-md border border-line bg-surface py-1 pr-1 pl-3 text-left">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways */}
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-xs leading-5 text-text">
        {text}
      </pre>
      <CopyButton text={text} label={label} icon />
    </div>
  );
}

"use client";
/** Says whether a file is this report: its SHA-256 is computed here, and compared by the server. */
import { useId, useState } from "react";
import type { ReportVerified } from "@/lib/wire/report.ts";

type Answer = { kind: "none" } | { kind: "busy" } | { kind: "told"; matches: boolean } | { kind: "failed" };

export function VerifyFile({ api }: { api: string }) {
  const id = useId();
  const [answer, setAnswer] = useState<Answer>({ kind: "none" });
  const verify = async (file: File | undefined) => {
    if (!file) return;
    setAnswer({ kind: "busy" });
    setAnswer(await ask(api, file).catch((): Answer => ({ kind: "failed" })));
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm print:hidden">
      <label htmlFor={id} className="text-muted">
        Is a file this report?
      </label>
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        onChange={({ target }) => void verify(target.files?.[0])}
        className="text-xs"
      />
      <output className={answer.kind === "told" && answer.matches ? "text-finished" : "text-danger"}>
        {answer.kind === "told" &&
          (answer.matches ? "Yes, to the last byte." : "No: it is another file, or a byte of it was changed.")}
        {answer.kind === "failed" && "The server couldn't be asked; choose the file once more."}
      </output>
    </div>
  );
}

async function ask(api: string, file: File): Promise<Answer> {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const sha256 = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const response = await fetch(api, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sha256 }),
  });
  if (!response.ok) return { kind: "failed" };
  const { matches } = (await response.json()) as ReportVerified;
  return { kind: "told", matches };
}

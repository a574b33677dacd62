"use client";
import { buttonClass } from "../parts/button.tsx";
import { ComeBack } from "./come-back.tsx";

export type ErrorPageProps = { error: Error & { digest?: string }; reset: () => void };

/** Says that a page failed for a reason that it didn't foresee. The digest finds the error's words in the server's log. */
export function ErrorPage({ error, reset }: ErrorPageProps) {
  // a script that could not be fetched stays so for React: only a new page asks for it again
  const again = error.name === "ChunkLoadError" ? () => window.location.reload() : reset;
  return (
    <div role="alert" className="grid min-h-[60dvh] content-center justify-items-center gap-4 px-4 py-16 text-center">
      <h1 className="text-xl font-semibold tracking-tight">This page could not be shown</h1>
      <p className="max-w-100 text-sm text-muted">
        Nothing was changed. Try again; if it stays, the server’s log says why
        {error.digest ? (
          <>
            {" "}
            under <code className="font-mono text-text">{error.digest}</code>
          </>
        ) : null}
        .
      </p>
      <ComeBack />
      <button type="button" onClick={again} className={buttonClass("primary")}>
        Try again
      </button>
    </div>
  );
}

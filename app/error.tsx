"use client";
import { buttonClass } from "./_ui/parts/button.tsx";
import { ComeBack } from "./_ui/shell/come-back.tsx";

type ErrorPageProps = { error: Error & { digest?: string }; reset: () => void };

/** Something that the page could not foresee. The digest finds the error's words in the server's log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
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
      <button type="button" onClick={reset} className={buttonClass("primary")}>
        Try again
      </button>
    </div>
  );
}

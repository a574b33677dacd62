"use client";
/** Stands in place of the whole document where even its frame failed, such as when the server ended in the middle of it. */
import "./globals.css";
import { ErrorPage, type ErrorPageProps } from "./_ui/shell/error-page.tsx";

export default function GlobalError(props: ErrorPageProps) {
  return (
    <html lang="en">
      <body className="bg-bg text-text">
        <ErrorPage {...props} />
      </body>
    </html>
  );
}

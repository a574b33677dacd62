"use client";
/** In place of the whole document, where even its frame could not be shown: a server that ended in the middle of it. */
import "./globals.css";
import ErrorPage from "./error.tsx";

export default function GlobalError(props: Parameters<typeof ErrorPage>[0]) {
  return (
    <html lang="en">
      <body className="bg-bg text-text">
        <ErrorPage {...props} />
      </body>
    </html>
  );
}

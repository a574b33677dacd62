/** The document: typeface, theme and language. It reads the request, which makes every page dynamic: the nonce in the
 * content security policy is new for each answer, and a page that was built beforehand would have none. */
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { DocumentBody } from "./_ui/early/document-body.tsx";
import { noteEarlyActs } from "./_ui/early/early-acts.ts";
import { isTheme } from "./_ui/shell/theme.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Holdout", template: "%s · Holdout" },
  description: "An experiment tracker that keeps the test set honest",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  const theme = (await cookies()).get("theme")?.value;
  return (
    <html
      lang="en"
      data-theme={isTheme(theme) ? theme : undefined}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <head>
        {/* browsers hide a nonce from scripts, so that it differs from what React made */}
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own code as text, and nothing else */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: `(${noteEarlyActs})()` }} />
      </head>
      <DocumentBody>{children}</DocumentBody>
    </html>
  );
}

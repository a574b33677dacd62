"use client";
import { Printer } from "lucide-react";
import { Button } from "@/app/_ui/parts/button.tsx";

/** Opens the browser's dialog, which also saves a PDF. */
export function PrintButton() {
  return (
    <Button onClick={() => window.print()}>
      <Printer aria-hidden />
      PDF
    </Button>
  );
}

"use client";
import { Printer } from "lucide-react";
import { Button } from "../parts/button.tsx";

type PrintButtonProps = { children?: string };

/** Opens the browser's dialog, which also saves a PDF. */
export const PrintButton = ({ children = "PDF" }: PrintButtonProps) => (
  <Button onClick={() => window.print()}>
    <Printer aria-hidden />
    {children}
  </Button>
);

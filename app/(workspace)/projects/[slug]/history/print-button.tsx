"use client";
import { Printer } from "lucide-react";
import { Button } from "@/app/_ui/parts/button.tsx";

export const PrintButton = () => (
  <Button onClick={() => window.print()}>
    <Printer aria-hidden />
    Print or save as PDF
  </Button>
);

import type { Metadata } from "next";
import { LinkForm } from "./link-form.tsx";

export const metadata: Metadata = { title: "Link" };

export default function LinkPage() {
  return <LinkForm />;
}

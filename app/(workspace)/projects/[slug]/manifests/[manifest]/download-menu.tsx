"use client";
/** A manifest's samples as a file, in one of the formats that other tools read. */
import { ChevronDown, Download } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { buttonClass } from "@/app/_ui/button.tsx";
import { menuClass, menuItemClass } from "@/app/_ui/menu.ts";

const formats = [
  ["csv", "CSV"],
  ["jsonl", "JSON Lines"],
  ["parquet", "Parquet"],
] as const;

export function DownloadMenu({ manifest, project }: { manifest: string; project: string }) {
  const hrefOf = (format: string) =>
    `/api/v1/manifests/${manifest}/export?format=${format}&project=${encodeURIComponent(project)}`;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={buttonClass()}>
        <Download aria-hidden />
        Download
        <ChevronDown aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={menuClass}>
          {formats.map(([format, words]) => (
            <DropdownMenu.Item key={format} asChild className={menuItemClass}>
              <a href={hrefOf(format)} download>
                {words}
              </a>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

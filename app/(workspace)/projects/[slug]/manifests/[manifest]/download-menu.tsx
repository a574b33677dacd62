"use client";
/** A manifest's samples as a file, in one of the formats that other tools read. */
import { ChevronDown, Download } from "lucide-react";
import { Menu, menuClass, menuItemClass } from "@/app/_ui/overlays/menu.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { manifestExportApi } from "@/app/paths.ts";

const formats = [
  ["csv", "CSV"],
  ["jsonl", "JSON Lines"],
  ["parquet", "Parquet"],
] as const;

export function DownloadMenu({ manifest, project }: { manifest: string; project: string }) {
  return (
    <Menu
      className={buttonClass()}
      content={({ Content, Item }) => (
        <Content align="end" sideOffset={4} className={menuClass}>
          {formats.map(([format, words]) => (
            <Item key={format} asChild className={menuItemClass}>
              <a href={manifestExportApi(project, manifest, format)} download>
                {words}
              </a>
            </Item>
          ))}
        </Content>
      )}
    >
      <Download aria-hidden />
      Download
      <ChevronDown aria-hidden />
    </Menu>
  );
}

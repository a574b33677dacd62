"use client";
/** What is done with a comparison as it stands: linked to, copied as text, saved as a file, printed. */
import { Download, Link2, Printer } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useTransition } from "react";
import { linkViewAction } from "@/app/_ui/domain/views/view-actions.ts";
import { Menu, menuClass, menuItemClass } from "@/app/_ui/overlays/menu.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button, buttonClass } from "@/app/_ui/parts/button.tsx";
import { download, fileName } from "@/app/_ui/parts/download.ts";
import { compareHref, comparisonApi } from "@/app/paths.ts";

/** Mail and chat break longer addresses. */
const ADDRESS_MAX = 2_000;

type CompareMenuProps = {
  project: { id: string; slug: string };
  /** What the API takes of the present state. */
  asked: string;
};

type Format = "markdown" | "csv";

export function CompareMenu({ project, asked }: CompareMenuProps) {
  const toast = useToast();
  const query = useSearchParams();
  const [pending, startTransition] = useTransition();
  const copy = async (text: string, title: string) => {
    try {
      // browsers give no clipboard to a page served without TLS from another machine
      await navigator.clipboard.writeText(text);
      toast({ title });
    } catch {
      toast({ title: `The browser gives no clipboard here. Copy by hand: ${text.slice(0, 300)}`, tone: "danger" });
    }
  };
  const copyLink = () =>
    startTransition(async () => {
      const state = query.toString();
      const { origin } = window.location;
      const whole = origin + compareHref(project.slug, state);
      if (whole.length <= ADDRESS_MAX) return copy(whole, "The link is copied.");
      const made = await linkViewAction(project.id, { page: "compare", query: state });
      if (!made.ok) return toast({ title: made.error, tone: "danger" });
      await copy(origin + compareHref(project.slug, `view=${made.value}`), "A short link is copied; it stays.");
    });
  const shortLink = () =>
    startTransition(async () => {
      const made = await linkViewAction(project.id, { page: "compare", query: query.toString() });
      if (!made.ok) return toast({ title: made.error, tone: "danger" });
      const href = compareHref(project.slug, `view=${made.value}`);
      await copy(window.location.origin + href, "A short link is copied; it stays.");
    });
  const withText = (format: Format, use: (text: string) => unknown) =>
    startTransition(async () => {
      const answer = await fetch(comparisonApi(project.slug, `${asked}&format=${format}`)).catch(() => null);
      if (!answer?.ok) return toast({ title: "The server could not be reached. Try again.", tone: "danger" });
      await use(await answer.text());
    });
  const save = (format: Format) =>
    withText(format, (text) => {
      const [ending, type] = format === "csv" ? ["csv", "text/csv"] : ["md", "text/markdown"];
      download(`${fileName(project.slug)}-comparison.${ending}`, new Blob([text], { type: `${type};charset=utf-8` }));
    });
  return (
    <span className="flex gap-2 print:hidden" aria-busy={pending}>
      <Button onClick={copyLink} disabled={pending}>
        <Link2 aria-hidden />
        <span className="max-md:sr-only">Copy link</span>
      </Button>
      <Menu
        className={buttonClass()}
        disabled={pending}
        content={({ Content, Item }) => (
          <Content align="end" sideOffset={4} className={menuClass}>
            <Item
              className={menuItemClass}
              onSelect={() => withText("markdown", (text) => copy(text, "Copied as Markdown."))}
            >
              Copy as Markdown
            </Item>
            <Item className={menuItemClass} onSelect={() => withText("csv", (text) => copy(text, "Copied as CSV."))}>
              Copy as CSV
            </Item>
            <Item className={menuItemClass} onSelect={() => save("markdown")}>
              Save as Markdown
            </Item>
            <Item className={menuItemClass} onSelect={() => save("csv")}>
              Save as CSV
            </Item>
            <Item className={menuItemClass} onSelect={shortLink}>
              Copy a short link
            </Item>
            <Item className={menuItemClass} onSelect={() => setTimeout(() => window.print())}>
              <Printer aria-hidden />
              Print or save as PDF
            </Item>
          </Content>
        )}
      >
        <Download aria-hidden />
        <span className="max-md:sr-only">Export</span>
      </Menu>
    </span>
  );
}

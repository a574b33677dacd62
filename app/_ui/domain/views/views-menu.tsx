"use client";
/** Saved views: go to one, keep the present one, share, rename, delete. */
import { Bookmark } from "lucide-react";
import { useState } from "react";
import type { SavedView, ViewPage } from "@/lib/table/views.ts";
import { Dialog } from "../../overlays/dialog.tsx";
import { fetched } from "../../overlays/fetched.tsx";
import { Button } from "../../parts/button.tsx";

export type ViewsMenuProps = {
  project: { id: string; slug: string };
  page: ViewPage;
  /** The present state, as the page writes it. */
  query: string;
  views: SavedView[];
  canShare: boolean;
};

const kept: Record<ViewPage, { whole: string; what: string }> = {
  runs: { whole: "Filter, order, columns, groups and charts, under a name.", what: "the table as you see it now" },
  compare: {
    whole: "Runs, baseline, columns and the part that is shown, under a name.",
    what: "the comparison as you see it now",
  },
};

const ViewsList = fetched(async () => (await import("./views-list.tsx")).ViewsList);

export function ViewsMenu(props: ViewsMenuProps) {
  const [open, setOpen] = useState(false);
  const { page, query, views } = props;
  const present = views.find((one) => one.query === query);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Saved views"
      description={kept[page].whole}
      trigger={
        <Button onPointerEnter={ViewsList.prepare} onFocus={ViewsList.prepare}>
          <Bookmark aria-hidden />
          <span className="max-w-32 truncate">{present?.name ?? "Views"}</span>
        </Button>
      }
    >
      <ViewsList {...props} present={present} what={kept[page].what} onClose={() => setOpen(false)} />
    </Dialog>
  );
}

"use client";
/** Chooses which columns the table shows, in which order, and which stay in sight: fetched once somebody reaches for it. */
import { Columns3 } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { fetched } from "@/app/_ui/overlays/fetched.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { ColumnSearch } from "../state/column-search.ts";
import type { ShownColumn } from "../state/runs-view.ts";

const ColumnsChoice = fetched(async () => (await import("./columns-choice.tsx")).ColumnsChoice);

type ColumnsMenuProps = { columns: ColumnSearch; shown: ShownColumn[]; onChange: (columns: ShownColumn[]) => void };

export function ColumnsMenu(props: ColumnsMenuProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Columns"
      trigger={
        <Button onPointerEnter={ColumnsChoice.prepare} onFocus={ColumnsChoice.prepare}>
          <Columns3 aria-hidden />
          Columns
        </Button>
      }
    >
      <ColumnsChoice {...props} text={text} onText={setText} onClose={() => setOpen(false)} />
    </Dialog>
  );
}

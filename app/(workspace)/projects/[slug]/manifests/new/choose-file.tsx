"use client";
/** Where a file of samples is chosen, or dropped. */
import { Download, FileUp } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { download } from "@/app/_ui/parts/download.ts";
import { fileEndings } from "./send-file.ts";
import { template } from "./table-template.ts";

/** `shown`: the name of the file that was taken; null: none is. */
export function ChooseFile({ shown, onFile }: { shown: string | null; onFile: (file: File) => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = useRef(onFile);
  take.current = onFile;
  // a file that was chosen before the page's script was there
  useEffect(() => {
    const early = input.current?.files?.[0];
    if (early) take.current(early);
  }, []);
  return (
    <div className="grid gap-3">
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const [dropped] = event.dataTransfer.files;
          if (dropped) onFile(dropped);
        }}
        className={`grid cursor-pointer justify-items-start gap-2 rounded-md border border-dashed p-4 text-sm ${isOver ? "border-accent bg-hover" : "border-line-strong"}`}
      >
        <span className="flex items-center gap-2 font-medium">
          <FileUp aria-hidden className="size-4" />
          File of samples
        </span>
        <input
          ref={input}
          id={id}
          type="file"
          accept={fileEndings.join(",")}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) onFile(chosen);
          }}
          // the same file, mended, may be chosen again
          onClick={(event) => {
            event.currentTarget.value = "";
          }}
          className="max-w-full text-sm text-muted file:mr-3 file:h-8 file:cursor-pointer file:rounded-md file:border file:border-solid
            file:border-line-strong file:bg-bg file:px-3 file:font-medium file:text-text hover:file:bg-hover"
        />
        <span className="text-muted">
          {shown !== null
            ? `${shown} is shown below. Choose or drop another to take that instead.`
            : "Drop it here, or choose it: CSV as it came (commas, semicolons or tabs), TSV, JSON lines or Parquet, one row a sample. Nothing is stored before you make it."}
        </span>
      </label>
      <Button look="ghost" className="justify-self-start" onClick={() => download("template.csv", template)}>
        <Download aria-hidden />
        Template
      </Button>
    </div>
  );
}

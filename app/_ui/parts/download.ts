/** Hands a file that the page made to the browser's downloads. */
export function download(name: string, content: Blob | string): void {
  const blob = typeof content === "string" ? new Blob([content], { type: "text/csv;charset=utf-8" }) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // the browser reads the blob after this turn
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** `text` with what file systems refuse replaced: `cnn validation/loss` is `cnn validation-loss`. */
export const fileName = (text: string) => text.replace(/[\p{Cc}/\\:*?"<>|]+/gu, "-").slice(0, 120);

const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** `12.3 MB`: decimal units, three figures. */
export function bytesWords(sizeBytes: number): string {
  let size = sizeBytes;
  let unit = 0;
  // 999.5 would be shown as 1000
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : Number(size.toPrecision(3))} ${units[unit]}`;
}

/** The header that names a downloaded file: RFC 6266, with RFC 8187 for what isn't ASCII. Pure. */

/** `Content-Disposition` of a file to be saved. Any text is a name; one that can't be a file's loses what can't stand in it. */
export function attachment(name: string): string {
  // what a file system or a header can't hold: control characters, slashes, and halves of a character
  const kept = name.replace(/[\p{Cc}\p{Cs}/\\]/gu, "_") || "file";
  const ascii = kept
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^ -~]|["%]/gu, "_");
  const plain = `attachment; filename="${ascii}"`;
  return ascii === kept ? plain : `${plain}; filename*=UTF-8''${extendedValue(kept)}`;
}

/** `encodeURIComponent` leaves three characters that RFC 8187 wants encoded. */
const extendedValue = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

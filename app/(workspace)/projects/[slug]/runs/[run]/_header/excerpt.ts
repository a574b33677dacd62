/** The first lines of a note, as plain text. Pure. */

const LINES = 2;
const CHARACTERS_MAX = 240;

/** Without the marks of Markdown, and what is no sentence: rules, fences and the line below a table's head. */
export function excerptOf(notes: string): string {
  const lines = notes
    .split("\n")
    .filter((line) => !/^\s*([-=*_`~|:\s]+)$/.test(line) && line.trim() !== "")
    .slice(0, LINES)
    .map(plainLine);
  const text = lines.join(" · ");
  return text.length > CHARACTERS_MAX ? `${text.slice(0, CHARACTERS_MAX).trimEnd()}…` : text;
}

const plainLine = (line: string): string =>
  line
    .trim()
    .replace(/^(#{1,6}|>|[-*+]|\d+[.)])\s+/, "")
    .replace(/^\||\|$/g, "")
    .replaceAll("|", " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(?<!\w)([*_`~]{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)/g, "$2")
    .replace(/\s+/g, " ")
    .trim();

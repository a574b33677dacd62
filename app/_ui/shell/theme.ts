/** The theme is in a cookie, so that the server's first HTML has it: no flash, no inline script. */
export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];

const YEAR_S = 365 * 24 * 60 * 60;

/** In the browser: from now on, and on the page that is open. */
export function chooseTheme(value: string): void {
  const chosen = isTheme(value) ? value : null;
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing from browsers that are in use
  document.cookie = `theme=${chosen ?? ""}; path=/; samesite=lax; max-age=${chosen ? YEAR_S : 0}`;
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
}

/** No cookie: as the system asks. */
export const isTheme = (value: string | undefined): value is Theme => themes.includes(value as Theme);

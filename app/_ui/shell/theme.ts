/** The theme is in a cookie, so that the server's first HTML has it: no flash, no inline script. */
export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** No cookie: as the system asks. */
export const isTheme = (value: string | undefined): value is Theme => themes.includes(value as Theme);

/** The sections of a run's page, as the URL names them. */
export const runTabs = ["charts", "model", "images", "system", "console", "config", "code", "files"] as const;
export type RunTab = (typeof runTabs)[number];

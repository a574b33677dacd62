/** The language in which Holdout speaks: that of `sentences.ts`. */
export const language = "en";

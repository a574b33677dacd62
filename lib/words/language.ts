/** The language in which pages speak. Another one is one more file of sentences beside en.ts. */
export const language = "en";

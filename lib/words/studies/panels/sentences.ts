/** The sentences of a study's panels, in the language of the page. */
export * from "./flags-en.ts";
export * from "./sections-en.ts";

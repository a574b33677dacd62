/** The sentences of studies, in the language of the page. */

export * from "./standing-en.ts";
export * from "./studies-en.ts";
export * from "./warnings-en.ts";

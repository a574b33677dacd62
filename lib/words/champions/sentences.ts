/** The sentences of the language that is chosen, of champions: another language is files beside those that end in `-en.ts`. */
export * from "./card-en.ts";
export * from "./champion-en.ts";

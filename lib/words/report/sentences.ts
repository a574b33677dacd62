/** The sentences of reports, in the language that is chosen: as `../sentences.ts`, of which these are a part. */
export * from "../report-en.ts";
export * from "./paired-en.ts";
export * from "./panels-en.ts";
export * from "./value-en.ts";

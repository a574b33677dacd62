"use client";
/** The tables of values, whose script is fetched with the first: a page has many charts, and few are read at a cursor. */
import { fetched } from "../../overlays/fetched.tsx";

export const ChartValues = fetched(async () => (await import("./values.tsx")).ChartValues);
export const SharedValues = fetched(async () => (await import("./values.tsx")).SharedValues);

"use client";
/** The card of an empty project. Its script is loaded only there, as most projects have runs. */
import dynamic from "next/dynamic";

export const FirstRun = dynamic(() => import("./first-run-card.tsx").then((module) => module.FirstRunCard));

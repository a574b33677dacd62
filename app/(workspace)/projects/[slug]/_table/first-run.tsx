"use client";
/** Apart, as a project is empty once. */
import dynamic from "next/dynamic";

export const FirstRun = dynamic(() => import("./first-run-card.tsx").then((module) => module.FirstRunCard));

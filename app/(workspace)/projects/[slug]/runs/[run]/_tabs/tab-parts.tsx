"use client";
/** What tabs other than the first run in the browser comes with them: imported by the page at once, every run's page would bring it. */
import dynamic from "next/dynamic";

export const ImageSeries = dynamic(() => import("./images/image-series.tsx").then((module) => module.ImageSeries));
export const Notes = dynamic(() => import("./notes.tsx").then((module) => module.Notes));
export const RunPicker = dynamic(() => import("./config/run-picker.tsx").then((module) => module.RunPicker));
export const ThreadList = dynamic(() =>
  import("@/app/_ui/domain/threads/thread-list.tsx").then((module) => module.ThreadList),
);

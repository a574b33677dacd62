"use client";
/** What a tab runs in the browser comes with that tab: imported by the page at once, each tab would bring what all of them run. */
import dynamic from "next/dynamic";

export const CompareGrid = dynamic(() => import("./table/compare-grid.tsx").then((module) => module.CompareGrid));
export const CompareCharts = dynamic(() =>
  import("./curves/compare-charts.tsx").then((module) => module.CompareCharts),
);
export const ImagesTable = dynamic(() => import("./images/images-table.tsx").then((module) => module.ImagesTable));
export const DifferenceBar = dynamic(() => import("./code/difference-bar.tsx").then((module) => module.DifferenceBar));
export const Explore = dynamic(() => import("./explore/explore.tsx").then((module) => module.Explore));

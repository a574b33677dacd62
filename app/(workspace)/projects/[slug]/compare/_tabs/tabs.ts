/** The tabs of a comparison, in their order. The script of each is its own: a page that shows the table fetches no charts. */
import dynamic from "next/dynamic";
import type { CompareTab } from "./tab.ts";
import { TableTab } from "./table/table-tab.tsx";

const CodeTab = dynamic(async () => (await import("./code/code-tab.tsx")).CodeTab);
const CurvesTab = dynamic(async () => (await import("./curves/curves-tab.tsx")).CurvesTab);
const ExploreTab = dynamic(async () => (await import("./explore/explore-tab.tsx")).ExploreTab);
const ImagesTab = dynamic(async () => (await import("./images/images-tab.tsx")).ImagesTab);

const first: CompareTab = { name: "", label: "Table", Tab: TableTab };

export const tabs: CompareTab[] = [
  first,
  { name: "curves", label: "Curves", Tab: CurvesTab },
  { name: "images", label: "Images", Tab: ImagesTab },
  { name: "code", label: "Code", Tab: CodeTab },
  { name: "explore", label: "Explore", Tab: ExploreTab },
];

/** The tab that an address names; the first where it names none. */
export const tabNamed = (name: string): CompareTab => tabs.find((tab) => tab.name === name) ?? first;

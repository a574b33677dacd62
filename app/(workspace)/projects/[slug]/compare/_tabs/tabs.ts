/** The tabs of a comparison, in their order. */
import { CodeTab } from "./code/code-tab.tsx";
import { CurvesTab } from "./curves/curves-tab.tsx";
import { ExploreTab } from "./explore/explore-tab.tsx";
import { ImagesTab } from "./images/images-tab.tsx";
import type { CompareTab } from "./tab.ts";
import { TableTab } from "./table/table-tab.tsx";

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

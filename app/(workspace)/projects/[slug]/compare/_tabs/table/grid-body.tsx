"use client";
/** The rows of the table that are near the part in sight, each section as a group of its own. */
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { countWords } from "@/lib/words/numbers.ts";
import type { GridRow as Row, SectionName } from "./grid-data.ts";
import { type GridItem, sectionTitles } from "./grid-items.ts";
import type { Range } from "./use-window.ts";

type GridBodyProps = {
  items: GridItem[];
  offsets: number[];
  range: Range;
  /** All columns of the table, the names among them. */
  width: number;
  isAll: boolean;
  onSection: (section: SectionName) => void;
  onAll: () => void;
  renderRow: (row: Row, isOpen: boolean) => ReactNode;
  renderDetail: (row: Row) => ReactNode;
};

export function GridBody(props: GridBodyProps) {
  const { items, offsets, range, width } = props;
  const made = items.slice(range.from, range.to);
  const sections = [...new Set(made.map(({ section }) => section))];
  const end = offsets.at(-1)!;
  return (
    <>
      <Gap height={offsets[range.from] ?? 0} width={width} />
      {sections.map((section) => (
        <tbody key={section} data-section={section} aria-label={sectionTitles[section]}>
          {made
            .filter((item) => item.section === section)
            .map((item) => (
              <Item key={keyOf(item)} item={item} {...props} />
            ))}
        </tbody>
      ))}
      <Gap height={end - (offsets[range.to] ?? end)} width={width} />
    </>
  );
}

const keyOf = (item: GridItem): string =>
  item.kind === "section" ? "section" : item.kind === "group" ? `group ${item.label}` : `${item.kind} ${item.row.id}`;

/** Takes the room of rows that aren't made. */
const Gap = ({ height, width }: { height: number; width: number }) =>
  height > 0 && (
    <tbody aria-hidden>
      <tr style={{ height }}>
        <td colSpan={width} />
      </tr>
    </tbody>
  );

function Item({ item, ...props }: GridBodyProps & { item: GridItem }) {
  if (item.kind === "section") return <SectionHead item={item} {...props} />;
  if (item.kind === "row") return props.renderRow(item.row, item.isOpen);
  if (item.kind === "detail")
    return (
      <tr style={{ height: item.height }}>
        <td colSpan={props.width} className="border-b border-line bg-surface p-0 align-top">
          <div
            style={{ height: item.height - 1 }}
            className="sticky left-0 w-[min(100cqw,100%)] overflow-auto px-4 py-2.5 text-sm md:px-6"
          >
            {props.renderDetail(item.row)}
          </div>
        </td>
      </tr>
    );
  return (
    <tr style={{ height: item.height }}>
      <th
        scope="rowgroup"
        colSpan={props.width}
        className="border-b border-line p-0 text-left text-xs font-medium text-muted"
      >
        <span className="sticky left-0 inline-block px-2 md:px-4">{item.label}</span>
      </th>
    </tr>
  );
}

type SectionItem = Extract<GridItem, { kind: "section" }>;

function SectionHead({ item, width, isAll, onSection, onAll }: GridBodyProps & { item: SectionItem }) {
  const { section, rows, alike, isOpen } = item;
  return (
    <tr style={{ height: item.height }}>
      <th
        scope="rowgroup"
        colSpan={width}
        className="border-b border-line bg-surface p-0 text-left text-sm font-medium"
      >
        <span className="sticky left-0 inline-flex items-center gap-2 px-2 whitespace-nowrap md:px-4">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => onSection(section)}
            className="-ml-1 inline-flex items-center gap-1"
          >
            <ChevronRight aria-hidden className={`size-3.5 text-muted ${isOpen ? "rotate-90" : ""}`} />
            {sectionTitles[section]}
            <span className="text-xs font-normal text-muted">{rows}</span>
          </button>
          {isOpen && alike > 0 && (
            <span className="text-xs font-normal text-muted">
              {isAll ? `${countWords(alike, "identical row")} shown` : `${countWords(alike, "identical row")} hidden`} ·{" "}
              <button type="button" onClick={onAll} className="text-accent hover:underline">
                {isAll ? "hide" : "show"}
              </button>
            </span>
          )}
        </span>
      </th>
    </tr>
  );
}

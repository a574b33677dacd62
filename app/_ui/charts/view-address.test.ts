import { expect, test } from "vitest";
import { readView, roundZoom, writeView } from "./view-address.ts";

const rewritten = (address: string): string => {
  const query = new URLSearchParams(address);
  writeView(readView(query), query);
  return decodeURIComponent(query.toString());
};

test.each([
  ["zoom=180..420", "zoom=180..420"],
  ["zoom=-5.5..-0.25", "zoom=-5.5..-0.25"],
  ["zoom=1e-7..2e-7", "zoom=1e-7..2e-7"],
  ["zoom=420..180", ""],
  ["zoom=..5", ""],
  ["zoom=1..2..3", ""],
  ["zoom=a..b", ""],
  ["zoom=1..Infinity", ""],
  ["find=acc+val", "find=acc+val"],
  ["find=+", ""],
  ["shut=class&shut=&shut=%2Fpinned", "shut=class&shut=&shut=/pinned"],
  ["size=small", "size=small"],
  ["size=huge", ""],
  ["size=medium", ""],
  ["q=lr&x=wall&at=3", "q=lr&x=wall&at=3"],
  ["colorby=config.lr&mean=replicates&strokeby=seed", "colorby=config.lr&strokeby=seed&mean=replicates"],
  ["mean=everything", ""],
  ["card=420x240", "card=420x240"],
  ["card=1x9999", "card=200x1600"],
  ["card=420", ""],
  ["expr=1+-+loss&expr=1+-+loss&expr=+&expr=a%2Fb", "expr=1+-+loss&expr=a/b"],
])("%s is read, and written as %j", (address, written) => {
  expect(rewritten(address)).toBe(written);
});

test("what an address asks for is read back as it was", () => {
  const view = {
    ...readView(new URLSearchParams()),
    zoom: [0.125, 7] as [number, number],
    find: "loss",
    shut: ["", "class"],
    size: "large" as const,
    ownSize: { width: 500, height: 300 },
    log: ["loss"],
    smoothing: 0.4,
    grouping: { colorBy: "config.a b", strokeBy: null, chartBy: "split", mean: "groups" as const },
    expressions: ["1 - accuracy", 'max("a, b", 0)'],
  };
  const query = new URLSearchParams();
  writeView(view, query);
  expect(readView(new URLSearchParams(query.toString()))).toEqual(view);
});

test.each([
  [
    [180.123456789, 420.987654321],
    [180.12, 420.99],
  ],
  [
    [1_700_000_000_123.456, 1_700_000_100_000],
    [1_700_000_000_123, 1_700_000_100_000],
  ],
  [
    [0.000123456789, 0.000223456789],
    [0.00012346, 0.00022346],
  ],
  [
    [12_345_678, 92_345_678],
    [12_346_000, 92_346_000],
  ],
] as const)("the ends %j are rounded to %j", ([from, to], rounded) => {
  expect(roundZoom([from, to])).toEqual(rounded);
});

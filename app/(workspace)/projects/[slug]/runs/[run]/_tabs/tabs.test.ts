import { expect, test } from "vitest";
import { tabNamed, tabs } from "./tabs.ts";

test("an address that names no tab, or none that there is, shows the first", () => {
  expect(tabNamed("model").label).toBe("Model");
  for (const name of [undefined, "", "nowhere", "Charts", ["model", "code"]]) expect(tabNamed(name)).toBe(tabs[0]);
  expect(new Set(tabs.map(({ name }) => name)).size).toBe(tabs.length);
});

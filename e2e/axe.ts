/** What axe-core has against a page. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe has against the page as it stands. */
export async function violationsOf(page: Page, rules: string[] = []): Promise<string[]> {
  // a title that is streamed is gone for a moment while it is replaced: openPage waits for it instead
  const axe = new AxeBuilder({ page })
    // what passes needs no place told; and no page holds another's, for which it would open a tab each time
    .options({ resultTypes: ["violations"] })
    .setLegacyMode()
    .disableRules(["document-title"]);
  const { violations } = await (rules.length > 0 ? axe.withRules(rules) : axe).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** The same of a page in light and in dark. */
export async function violationsInBoth(page: Page): Promise<string[]> {
  // a colour on its way to another is no colour of the page
  await page.emulateMedia({ reducedMotion: "reduce" });
  const light = await violationsOf(page);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const dark = await violationsOf(page, ["color-contrast"]);
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark];
}

/** Two people in two browsers: one calls a run the champion, the other signs it off, and a better one takes its place. */
import type { Page } from "@playwright/test";
import { violationsInBoth } from "./axe.ts";
import { makeManifest, newEvaluated } from "./evaluated-runs.ts";
import { expect, joinAsMember, newWorkplace, test } from "./workspace.ts";

const grace = { name: "Grace Hopper", email: "grace.champion@example.org", password: "a compiler of her own" };

/** Opens the claim from a run's menu, whose evidence is there. */
async function openClaim(page: Page, slug: string, run: { run: string; name: string }): Promise<void> {
  await page.goto(`/projects/${slug}/runs/${run.run}`);
  await page.getByRole("button", { name: `Actions for ${run.name}` }).click();
  await page.getByRole("menuitem", { name: "Tag as champion" }).click();
}

test("one calls a run the champion, another signs it off, and only what is better takes its place", async ({
  page,
  browser,
  strayErrors,
}) => {
  const place = await newWorkplace(page, "Champions");
  const manifest = await makeManifest(place);
  const evaluated = async (name: string, wrong: number) => ({
    ...(await newEvaluated(place, manifest, { name, wrong })),
    name,
  });
  const bad = await evaluated("bad", 25);
  const like = await evaluated("like it", 24);
  const good = await evaluated("good", 2);
  const theirs = await joinAsMember(page, browser, strayErrors, grace);

  await openClaim(page, place.slug, bad);
  await page.getByLabel("Reason").fill("the first that learns at all");
  await page.getByRole("button", { name: "Tag as champion" }).click();
  await expect(page.getByText("bad is the champion.", { exact: true })).toBeVisible();

  // the other sees it, signs it off, and the first page says so without being loaded again
  const champion = `/projects/${place.slug}/champion`;
  await page.goto(champion);
  await expect(page.getByText("waits for a second member").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign off" })).toHaveCount(0);
  await theirs.goto(champion);
  await expect(theirs.getByRole("heading", { name: "bad" })).toBeVisible();
  await theirs.getByRole("button", { name: "Sign off" }).click();
  await expect(page.getByText(`signed off by ${grace.name}`).first()).toBeVisible();

  // wherever the run's name stands
  await theirs.goto(`/projects/${place.slug}`);
  await expect(theirs.locator(`tr[data-run="${bad.run}"]`).getByTitle("Champion")).toBeVisible();
  await expect(theirs.locator(`tr[data-run="${good.run}"]`).getByTitle("Champion")).toHaveCount(0);
  await theirs.keyboard.press("ControlOrMeta+k");
  await theirs.getByPlaceholder("Project, run, page or act").fill(`${place.slug} bad`);
  await expect(theirs.getByRole("option", { name: /^bad/ }).getByTitle("Champion")).toBeVisible();
  await theirs.keyboard.press("Escape");

  // what can't be told apart is refused unless it is said; what is better is taken
  await openClaim(theirs, place.slug, like);
  await theirs.getByLabel("Reason").fill("a guess");
  await theirs.getByRole("button", { name: "Tag as champion" }).click();
  await expect(theirs.getByLabel("Claim it all the same, marked as unproven")).toBeVisible();
  await theirs.getByRole("button", { name: "Cancel" }).click();
  await openClaim(theirs, place.slug, good);
  await theirs.getByLabel("Reason").fill("it takes far fewer cats for dogs");
  await theirs.getByRole("button", { name: "Tag as champion" }).click();
  await expect(theirs.getByText("good is the champion.", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "good" })).toBeVisible();

  // refused with a word, the one before is the champion again; an alias moves with a reason
  await page.getByRole("button", { name: "Refuse" }).click();
  await page.getByLabel("Why").fill("evaluate it on test first");
  await page.getByRole("dialog").getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByRole("heading", { name: "bad" })).toBeVisible();
  await theirs.goto(champion);
  await expect(theirs.getByText("evaluate it on test first").first()).toBeVisible();
  await theirs.getByRole("button", { name: "Move an alias" }).click();
  await theirs.getByRole("combobox", { name: "Alias" }).fill("staging");
  await theirs.getByRole("dialog").getByLabel("Reason").fill("to try it on the road");
  await theirs.getByRole("button", { name: "Move", exact: true }).click();
  await expect(theirs.getByText("to try it on the road").first()).toBeVisible();

  expect(await violationsInBoth(theirs)).toEqual([]);
  await page.getByRole("link", { name: "Model card" }).click();
  await expect(page.getByRole("heading", { name: /bad/ }).first()).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  // on paper the card stands behind the report of the champion's checkpoint
  await page.goto(`/projects/${place.slug}/runs/${bad.run}/evaluations/${bad.evaluation}`);
  const card = page.getByRole("region", { name: "Model card", includeHidden: true });
  await expect(card).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(card.getByRole("heading", { name: /bad/ }).first()).toBeVisible();
});

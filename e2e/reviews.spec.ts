/** Two people in two browsers review a study: each sees what the other writes as it is written, and an approval locks it. */
import type { Page } from "@playwright/test";
import { violationsInBoth } from "./axe.ts";
import { start } from "./table-runs.ts";
import { admin, expect, joinAsMember, newWorkplace, test, tick, url, type Workplace } from "./workspace.ts";

const grace = { name: "Grace Brewster", email: "grace.review@example.org", password: "a review of her own" };

/** As whoever is signed in; a browser says by itself where a request comes from. */
const post = (page: Page, route: string, data: object) =>
  page.request.post(`${url}/api/v1/${route}`, { headers: { origin: url }, data });

async function newStudy(page: Page, { slug }: Workplace): Promise<string> {
  const answer = await post(page, "studies", {
    project: slug,
    title: "Which rate?",
    question: "How large may it be?",
    hypothesis: "0.01 is calm",
    objective: { metric: "loss", split: "validation", direction: "min" },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  const { id } = (await answer.json()) as { id: string };
  return id;
}

test("two people review a study live: they name and answer each other, ask for changes, and an approval locks it", async ({
  page,
  browser,
  strayErrors,
}) => {
  const place = await newWorkplace(page, "Reviews");
  const study = await newStudy(page, place);
  const conclude = (conclusion: string) =>
    post(page, `studies/${study}/conclusion`, {
      conclusion,
      decision: "reject",
      checks: { stability: "no", early: "no", gradients: "no", overfitting: "no", length: "no" },
    });
  expect((await conclude("none is calm")).status()).toBe(200);
  const theirs = await joinAsMember(page, browser, strayErrors, grace);

  await page.goto(`/projects/${place.slug}/reviews/new?study=${study}`);
  await page.getByLabel("What there is to decide").fill("Is **none** right?");
  await tick(page.getByLabel(grace.name));
  await page.getByRole("button", { name: "Ask for a review" }).click();
  await expect(page.getByRole("heading", { name: "Under review" })).toBeVisible();
  await expect(page.getByText("written before the first trial")).toBeVisible();

  // it waits in the other's inbox
  await theirs.goto("/inbox");
  const waiting = theirs.getByRole("region", { name: "Waits for you" });
  await expect(waiting.getByText("waiting")).toBeVisible();
  expect(await violationsInBoth(theirs)).toEqual([]);
  await waiting.getByRole("link", { name: "Which rate?" }).click();
  await expect(theirs.getByRole("heading", { name: "Comments" })).toBeVisible();

  // a comment on the study, with HTML in it that stays text, and a name that is completed
  await theirs.getByRole("button", { name: "Comments on as a whole" }).click();
  const drawer = theirs.getByRole("dialog");
  await drawer.getByLabel("Begin a thread").fill("<img src=x onerror=alert(1)> see @ada");
  await drawer.getByLabel("Begin a thread").press("Enter");
  await expect(drawer.getByLabel("Begin a thread")).toHaveValue(`<img src=x onerror=alert(1)> see @${admin.name} `);
  await drawer.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(page.getByText(`<img src=x onerror=alert(1)> see @${admin.name}`)).toBeVisible();
  const thread = page.getByRole("article", { name: "Thread on study 1, as a whole" });
  await thread.getByLabel("Answer").fill("both seeds say so");
  await thread.getByRole("button", { name: "Answer" }).click();
  await expect(drawer.getByText("both seeds say so")).toBeVisible();
  await theirs.keyboard.press("Escape");
  await thread.getByRole("button", { name: "Edit" }).click();
  await thread.getByLabel("Comment").fill("all five seeds say so");
  await thread.getByRole("button", { name: "Save" }).click();
  await expect(theirs.getByText("all five seeds say so")).toBeVisible();
  await expect(theirs.getByText(/^edited/)).toBeVisible();

  // changes are asked for, made, and approved
  await theirs.getByLabel("Your word").fill("say how many");
  await theirs.getByRole("button", { name: "Ask for changes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("changes asked for");
  expect((await conclude("none of five is calm")).status()).toBe(200);
  await theirs.reload();
  await expect(theirs.getByText("none of five is calm")).toBeVisible();
  await expect(theirs.getByText("of an earlier state")).toBeVisible();
  await theirs.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("approved");
  await expect(page.getByText(/What was approved is locked/)).toBeVisible();
  expect((await conclude("another")).status()).toBe(409);
  await thread.getByRole("button", { name: "Resolve" }).click();
  await expect(theirs.getByText("Nothing is open here.")).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);

  // who asked was told of it all, and the history says who approved
  await page.goto("/inbox");
  await expect(page.getByRole("link", { name: `${grace.name} mentioned you on a study, as a whole` })).toBeVisible();
  await page.goto(`/projects/${place.slug}/history`);
  await expect(page.getByText(`Approved by ${grace.name}`)).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await theirs.context().close();
});

test("a key of a run's config and a step of its curve have threads, which the keyboard opens and leaves", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Threads");
  const run = await start(place, { name: "a run", config: { optimizer: { rate: 0.1 } } });
  for (const step of [0, 50, 100]) run.log({ split: "validation", step, metrics: { loss: 1 } });
  await run.finish();
  await page.goto(`/projects/${place.slug}/runs/${run.id}?tab=config`);
  const mark = page.getByRole("button", { name: "Comments on config optimizer.rate" });
  await mark.focus();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText("Nothing was said of this yet.")).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await drawer.getByLabel("Begin a thread").fill("why so large?");
  await drawer.getByLabel("Begin a thread").press("ControlOrMeta+Enter");
  await expect(drawer.getByText("why so large?")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(mark).toBeFocused();
  await expect(mark).toHaveAccessibleName("Comments on config optimizer.rate: 1 open");
  await page.goto(`/projects/${place.slug}/runs/${run.id}?tab=comments`);
  await expect(page.getByRole("article")).toContainText("config optimizer.rate");

  // a key begins one where the pointer is on a curve, and a mark on the chart leads back to it
  await page.goto(`/projects/${place.slug}/runs/${run.id}`);
  const chart = page.getByRole("figure", { name: "loss" });
  await expect(chart.getByRole("button", { name: "Comment at step 100" })).toBeVisible();
  const box = (await chart.locator("canvas[data-curves]").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.mouse.move(box.x + box.width / 2 + 20, box.y + 60);
  await chart.focus();
  await page.keyboard.press("c");
  await drawer.getByLabel("Begin a thread").fill("it stands still");
  await drawer.getByLabel("Begin a thread").press("ControlOrMeta+Enter");
  await expect(drawer.getByText("it stands still")).toBeVisible();
  await page.keyboard.press("Escape");
  const there = chart.getByRole("button", { name: "Comments on point of validation/loss, at step 50: 1 open" });
  await there.press("Enter");
  await expect(drawer.getByText("it stands still")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(there).toBeFocused();
  expect(await violationsInBoth(page)).toEqual([]);
});

/** A patient table as it came: looked at before anything is stored, put right by menus, and split by patient. */
import { expect, newWorkplace, test } from "./workspace.ts";

const two = (at: number): string => String(at).padStart(2, "0");
/** Three scans each of sixty patients, with dates that two countries read differently and a word for 'missing'. */
const rows = Array.from({ length: 180 }, (_, at) => {
  const patient = at % 60;
  const age = at % 17 === 5 ? "?" : 40 + ((patient * 7) % 41);
  const date = `${two((at % 12) + 1)}/${two(((at * 5) % 12) + 1)}/2025`;
  return [`scan-${at}`, `patient ${two(patient)}`, age, patient % 3 === 0 ? "ill" : "well", date];
});
const csvOf = (table: unknown[][]): Buffer =>
  Buffer.from(
    [["scan_id", "patient", "age", "diagnosis", "date"], ...table].map((row) => `${row.join(",")}\r\n`).join(""),
  );
const file = (table: unknown[][]) => ({ name: "clinic_scans.csv", mimeType: "text/csv", buffer: csvOf(table) });

test("a patient table is uploaded as it came and split by patient, and its next version is read alike", async ({
  page,
}) => {
  const { slug } = await newWorkplace(page, "Clinic");
  await page.goto(`/projects/${slug}/manifests`);
  await page.getByRole("link", { name: "New manifest" }).click();
  const [template] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Template" }).click(),
  ]);
  expect(template.suggestedFilename()).toBe("template.csv");

  const chooser = page.getByLabel("File of samples");
  const role = (column: string) => page.getByLabel(`What ${column} is`);
  const make = page.getByRole("button", { name: "Make manifest" });
  const refusals = page.getByRole("list", { name: "What would be refused" });
  const counts = page.getByLabel("What the file comes to");

  // a copy of a scan's name is pointed out by its row before anything is sent to be stored
  await chooser.setInputFiles(file([...rows, ["scan-4", "patient 04", 61, "well", "03/04/2025"]]));
  await expect(refusals).toContainText('Row 181, scan_id: "scan-4" stands in row 5 already; each row has its own');
  await expect(make).toBeDisabled();

  await chooser.setInputFiles(file(rows));
  for (const [column, guess] of Object.entries({
    scan_id: "key",
    patient: "group",
    age: "feature",
    diagnosis: "label",
    date: "time",
  }))
    await expect(role(column)).toHaveValue(guess);
  await expect(page.getByRole("row", { name: /^scan_id/ })).toContainText("scan-0");
  await expect(page.getByRole("checkbox", { name: /^\? \(11 cells, such as in age\)/ })).toBeChecked();
  await expect(counts).toContainText("Rows180Keys180Classes2Groups60trainabout 126validationabout 27testabout 27");

  // which day came first is for a person to say
  await expect(refusals).toContainText("date: 02/06/2025 may be 2025-06-02 or 2025-02-06");
  await expect(make).toBeDisabled();
  await page.getByLabel("How the times of date are written").selectOption("day-first");
  await expect(page.getByText("Nothing would be refused.")).toBeVisible();

  await expect(page.getByLabel("Dataset's name")).toHaveValue("clinic scans");
  await expect(page.getByLabel("Method")).toHaveValue("stratified-group");
  await make.click();
  await expect(page).toHaveURL(/manifests\/[0-9a-f]{64}$/);
  await expect(page.getByRole("heading", { name: "clinic scans, stratified group, 70/15/15" })).toBeVisible();
  await expect(page.getByText("Each of 60 groups stands in one split.")).toBeVisible();

  // the next version: what was said of its columns holds
  await page.goto(`/projects/${slug}/manifests/new`);
  await chooser.setInputFiles(file(rows.map(([scan, ...others]) => [`${scan}b`, ...others])));
  await expect(page.getByText("as in the version before").first()).toBeVisible();
  await expect(page.getByLabel("How the times of date are written")).toHaveValue("day-first");
  await expect(page.getByLabel("Version")).toHaveValue("2");
  await role("age").selectOption("leave out");
  await expect(refusals).toContainText("No column says what a sample holds");
  await role("age").selectOption("feature");
  await expect(make).toBeEnabled();

  await chooser.setInputFiles({ name: "scans.xlsx", mimeType: "application/zip", buffer: Buffer.from("PK") });
  await expect(page.getByRole("alert").first()).toContainText("save its sheet as CSV");
});

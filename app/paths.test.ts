import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { routes } from "@/lib/wire/routes.ts";
import * as paths from "./paths.ts";

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
const base = "http://here.invalid";
const [slug, run, manifest] = ["street-signs", "019ad5c6", "ab12"];

const pages = [
  paths.homeHref,
  paths.signInHref(),
  paths.accountHref,
  paths.membersHref,
  paths.workspaceHref,
  paths.agentsHref,
  paths.datasetsHref(),
  paths.auditHref(),
  paths.projectHref(slug),
  paths.projectSettingsHref(slug, "replicates"),
  paths.runHref(slug, run, "model"),
  paths.anyRunHref(run),
  paths.manifestsHref(slug),
  paths.newManifestHref(slug),
  paths.manifestHref(slug, manifest),
  paths.manifestSamplesHref(slug, manifest),
  paths.manifestLooksHref(slug, manifest),
  paths.looksHref(slug),
  paths.evaluationsHref(slug),
  paths.evaluationHref(slug, run, "019ad5c8"),
  paths.evaluationSamplesHref(slug, run, "019ad5c8"),
  paths.compareHref(slug, ""),
  paths.compareEvaluationsHref(slug, []),
  paths.championHref(slug),
  paths.championCardHref(slug, manifest),
  paths.sharedHref("secret"),
  paths.manifestCompareHref(slug, manifest),
  paths.inboxHref,
  paths.reviewsHref(slug),
  paths.reviewHref(slug, 3),
  paths.newReviewHref(slug),
  paths.historyHref(slug),
  paths.doubtsHref(slug),
  paths.queueHref(slug),
  paths.trainHref(slug),
  paths.copyRunHref(slug, run),
  paths.studiesHref(slug),
  paths.newStudyHref(slug),
  paths.studyHref(slug, 2),
  paths.editStudyHref(slug, 2),
  paths.loopHref(slug, 2),
];
const apis = [
  paths.healthApi,
  paths.eventsApi,
  paths.runsCsvApi(slug, ""),
  paths.exportApi(slug, ""),
  paths.comparisonApi(slug, ""),
  paths.historyApi(slug, "markdown"),
  paths.doubtsApi(slug, "markdown"),
  paths.manifestsCsvApi(slug),
  paths.projectPointsApi(slug, ""),
  paths.runPointsApi(run, ""),
  paths.pictureApi(run, "images/input/7.png"),
  paths.manifestExportApi(slug, manifest, "csv"),
  paths.thumbnailApi(slug, manifest, "a/b"),
  paths.datasetUploadApi("019ad5c7", "format=csv"),
];

/** `/projects/:/runs/:`, from how Next.js and from how OpenAPI write it. */
const shapeOf = (text: string): string => text.replace(/\[\.{3}\w+\]$|\{path\}$/, "*").replace(/\[\w+\]|\{\w+\}/g, ":");
const fits = (shape: string, address: string): boolean =>
  new RegExp(`^${shape.replace(/[.]/g, "\\.").replace(/\*$/, ".+").replaceAll(":", "[^/]+")}$`).test(
    new URL(address, base).pathname,
  );

test("each address of a page leads to a page, and each page has one", () => {
  const shapes = files
    .filter((file) => path.basename(file) === "page.tsx")
    .map((file) => shapeOf(`/${path.dirname(file)}`.replace(/\/\([^)]*\)|\/\.$/g, "") || "/"))
    // its links come from the server, with a secret in them
    .filter((shape) => shape !== "/link");
  // a page with a fixed name stands before the one that takes any
  const found = pages.map((page) => shapes.filter((shape) => fits(shape, page)).sort((a, b) => b.length - a.length)[0]);
  expect(new Set(found)).toEqual(new Set(shapes));
});

test("each address of the API that a page reads is a route of the contract", () => {
  const shapes = Object.values(routes).map((route) => shapeOf(route.path));
  expect(apis.filter((address) => !shapes.some((shape) => fits(shape, address)))).toEqual([]);
});

test("any name comes back from an address as it was", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(text, text, (name, other) => {
      const parts = (address: string) => new URL(address, base).pathname.split("/").map(decodeURIComponent);
      fc.pre(![".", ".."].includes(name) && ![".", ".."].includes(other));
      expect(parts(paths.manifestSamplesHref(name, other))).toEqual([
        "",
        "projects",
        name,
        "manifests",
        other,
        "samples",
      ]);
      expect(new URL(paths.signInHref(`/${name}`), base).searchParams.get("next") ?? "/").toBe(`/${name}`);
      expect(new URL(paths.thumbnailApi(name, "ab", other), base).searchParams.get("key")).toBe(other);
      expect(
        parts(paths.artifactApi("run", `${name}/x`))
          .slice(6)
          .join("/"),
      ).toBe(`${name}/x`);
    }),
    {
      examples: [
        ["街道 標誌", "100%"],
        ["a/b", "a?b#c"],
        ["%2F", "é\\"],
      ],
    },
  );
});

/** A path of this site in a text, or a text in a place where an address is asked for; and the escaping of one by hand. */
const byHand = [
  /["`]\/(projects|runs|settings|sign-in|link|api)\b/,
  /(href[=:]\s*\{?|\b(push|replace|redirect|revalidatePath|fetch)\()["`]\//,
  /\bencodeURIComponent\b/,
];
/** A picture's own text as its address. */
const dataUrl = /`data:image/;

test("no page builds an address by hand", () => {
  const sources = files.filter((file) => /\.tsx?$/.test(file) && !/^api\/|\.test\.tsx?$|^paths\.ts$/.test(file));
  expect(sources.length).toBeGreaterThan(100);
  const found = sources.flatMap((file) =>
    readFileSync(path.join(import.meta.dirname, file), "utf8")
      .split("\n")
      .flatMap((line, at) =>
        byHand.some((sign) => sign.test(line)) && !dataUrl.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : [],
      ),
  );
  expect(found, "build it in app/paths.ts").toEqual([]);
});

/** Which files of a folder are samples of which class and split, and what is left aside: no image goes missing without a word. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Split } from "../../../lib/wire/base/words.ts";

export const endings = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".avif"];

/** `key` is its path in the folder, with `/`; `label` the number of its class. */
export type ImageFile = { key: string; label: number; split: Split | null };
export type Layout = { classes: string[]; files: ImageFile[]; remarks: string[] };

/** What tools and people call the folder of a split, in any case. */
const splitNames: Record<string, Split> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  test: "test",
  testing: "test",
};

type Tree = { folders: string[]; files: string[] };
/** Deeper than any set; a link to a folder above it would never end. */
const DEPTH_MAX = 8;

/** Finds the samples, in the order of their paths. Throws for an image below its class, naming it. */
export function layoutOf(folder: string): Layout {
  const top = treeOf(folder, "");
  const roots = rootsOf(folder, top.folders);
  const aside: string[] = [...top.files];
  const found: { key: string; name: string; split: Split | null }[] = [];
  const folders = new Set<string>();
  for (const [root, split] of roots) {
    const classes = root === "" ? top : treeOf(folder, root);
    if (root !== "") aside.push(...classes.files);
    for (const place of classes.folders) {
      const name = path.posix.basename(place);
      folders.add(name);
      const { images, others } = imagesOf(folder, place);
      found.push(...images.map((key) => ({ key, name, split })));
      aside.push(...others);
    }
  }
  if (!roots.has("")) for (const one of top.folders) if (!roots.has(one)) aside.push(...below(folder, one));
  const classes = [...folders].filter((name) => found.some((one) => one.name === name)).sort();
  const files = found.map(({ key, name, split }) => ({ key, label: classes.indexOf(name), split }));
  return { classes, files, remarks: remarksOf([...folders], classes, found, aside) };
}

/** The folders of splits, or the folder itself where it has none. Throws where two are of one split, or none is of train. */
function rootsOf(folder: string, top: string[]): Map<string, Split | null> {
  const named = top.flatMap((name) => {
    const split = splitNames[name.toLowerCase()];
    // one that holds images and no folders is a class of that name, or test images without classes
    return split && treeOf(folder, name).folders.length > 0 ? [[name, split] as const] : [];
  });
  const splits = named.map(([, split]) => split);
  if (named.length === 0) return new Map([["", null]]);
  const twice = named.find(([, split], at) => splits.indexOf(split) !== at);
  if (twice)
    throw new Error(
      `data: ${folder} has the folders ${named.map(([name]) => name).join(", ")}, two of them of ${twice[1]}; one of each split is right`,
    );
  if (!splits.includes("train"))
    throw new Error(`data: ${folder} has the folders ${top.join(", ")}; train beside them is right`);
  return new Map(named);
}

/** The images of a class, and its other files. */
function imagesOf(folder: string, place: string): { images: string[]; others: string[] } {
  const { files, folders } = treeOf(folder, place);
  const deeper = folders.flatMap((one) => below(folder, one));
  const lost = deeper.find(isImage);
  if (lost)
    throw new Error(
      `data: ${path.join(folder, lost)} lies in a folder below its class, and ${deeper.filter(isImage).length} images do in ` +
        `${place}; images lie in the folder of their class itself: move them there, or name the folder above the classes with --data`,
    );
  return { images: files.filter(isImage), others: [...files.filter((file) => !isImage(file)), ...deeper] };
}

const isImage = (file: string): boolean => endings.includes(path.extname(file).toLowerCase());

/** All files below a folder. */
function below(folder: string, place: string): string[] {
  if (place.split("/").length > DEPTH_MAX) return [];
  const { files, folders } = treeOf(folder, place);
  return [...files, ...folders.flatMap((one) => below(folder, one))];
}

/** What tools leave behind: `.ipynb_checkpoints`, `.DS_Store`, `._1.png`, and what macOS puts into archives. */
const isLeftover = (name: string) => name.startsWith(".") || name === "__MACOSX";

/** Folders and files of a place, sorted, as paths in the folder with `/`. */
function treeOf(folder: string, place: string): Tree {
  const tree: Tree = { folders: [], files: [] };
  for (const name of readdirSync(path.join(folder, place)).sort()) {
    if (isLeftover(name)) continue;
    if (name.includes("\ufffd"))
      throw new Error(`data: ${path.join(folder, place, name)} has a name that isn't UTF-8; another name is right`);
    const key = place === "" ? name : `${place}/${name}`;
    const found = statSync(path.join(folder, key), { throwIfNoEntry: false });
    if (found?.isDirectory()) tree.folders.push(key);
    else if (found?.isFile()) tree.files.push(key);
  }
  return tree;
}

type FolderClass = { name: string; split: Split | null };

function remarksOf(folders: string[], classes: string[], found: FolderClass[], aside: string[]): string[] {
  const remarks: string[] = [];
  const empty = folders.filter((name) => !classes.includes(name)).sort();
  if (empty.length > 0)
    remarks.push(
      `${counted(empty.length, "folder has", "folders have")} no image and ${empty.length === 1 ? "is" : "are"} no class: ${empty.join(", ")}`,
    );
  const untrained = classes.filter((name) => !found.some((one) => one.name === name && one.split !== "test"));
  if (untrained.length > 0) remarks.push(`only test has images of ${untrained.join(", ")}`);
  const [misplaced, others] = [aside.filter(isImage), aside.filter((file) => !isImage(file))];
  if (misplaced.length > 0)
    remarks.push(
      `${counted(misplaced.length, "image is", "images are")} in no folder of a class and not read: ${byEnding(misplaced)}`,
    );
  if (others.length > 0)
    remarks.push(
      `${counted(others.length, "file is", "files are")} not read: ${byEnding(others)} (${endings.join(", ")} are)`,
    );
  return remarks;
}

const counted = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;

/** `10 .bmp, 3 .ppm`, the most frequent first. */
function byEnding(files: string[]): string {
  const counts = new Map<string, number>();
  for (const file of files) {
    const ending = path.extname(file) || "without an ending";
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([ending, count]) => `${count} ${ending}`).join(", ");
}

/**
 * Decodes pictures in a process of its own, which can be killed: a decoder that hangs or fills memory takes nothing along.
 * Hears { bytes }, says { png } or { error }, one after another; ends with its parent.
 */
import { constants, setPriority } from "node:os";
import sharp from "sharp";

const PIXELS_MAX = 50_000_000;
/** No screen shows more; the file itself can be downloaded. */
const SIDE_MAX = 2048;

if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
sharp.concurrency(1);
sharp.cache(false);
// a format that isn't asked for is a decoder that can't be attacked
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"],
});

process.on("disconnect", () => process.exit());
process.on("message", async ({ bytes }) => {
  try {
    const picture = sharp(bytes, { limitInputPixels: PIXELS_MAX, sequentialRead: true });
    const png = await picture
      .resize({ width: SIDE_MAX, height: SIDE_MAX, fit: "inside", withoutEnlargement: true })
      .timeout({ seconds: 8 })
      .png()
      .toBuffer();
    process.send({ png });
  } catch (error) {
    process.send({ error: String(error.message) });
  }
});

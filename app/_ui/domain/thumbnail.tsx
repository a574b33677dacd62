import { thumbnailApi } from "@/app/paths.ts";

type ThumbnailProps = { place: { slug: string; manifest: string }; sampleKey: string; size: number };

/** The thumbnail of a sample that has one. */
export function Thumbnail({ place, sampleKey, size }: ThumbnailProps) {
  return (
    // biome-ignore lint/performance/noImgElement: 32 × 32 pixels of a private sample, which Next's optimiser can't fetch
    <img
      src={thumbnailApi(place.slug, place.manifest, sampleKey)}
      alt=""
      width={size}
      height={size}
      loading="lazy"
      className="rounded-sm border border-line bg-surface [image-rendering:pixelated]"
      style={{ width: size, height: size }}
    />
  );
}

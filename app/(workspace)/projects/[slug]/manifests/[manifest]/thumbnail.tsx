"use client";
/** A sample's thumbnail; nothing where it has none. */
import { useState } from "react";

type ThumbnailProps = { slug: string; manifest: string; sampleKey: string; size: number };

export function Thumbnail({ slug, manifest, sampleKey, size }: ThumbnailProps) {
  const [missing, setMissing] = useState(false);
  if (missing) return null;
  const query = new URLSearchParams({ project: slug, key: sampleKey });
  return (
    // biome-ignore lint/performance/noImgElement: 32 × 32 pixels of a private sample, which Next's optimiser can't fetch
    <img
      src={`/api/v1/manifests/${manifest}/thumbnail?${query}`}
      alt=""
      width={size}
      height={size}
      loading="lazy"
      onError={() => setMissing(true)}
      className="rounded-sm border border-line bg-surface [image-rendering:pixelated]"
      style={{ width: size, height: size }}
    />
  );
}

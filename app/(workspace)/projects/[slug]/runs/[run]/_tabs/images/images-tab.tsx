import { Image as ImageIcon } from "lucide-react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { imagePlace } from "@/lib/wire/artifacts.ts";
import type { TabProps } from "../tab.ts";
import { ImageSeries } from "../tab-parts.tsx";

/** Pictures that were logged under a key, each key with its steps. */
export async function ImagesTab({ run, member }: TabProps) {
  const keys = new Map<string, { step: number; path: string }[]>();
  for (const { path } of await listArtifacts(member, run.id)) {
    const place = imagePlace(path);
    if (place) keys.set(place.key, [...(keys.get(place.key) ?? []), { step: place.step, path }]);
  }
  if (keys.size === 0)
    return (
      <Empty icon={ImageIcon} title="No images">
        <p>
          Pictures that the trainer logs with <code>run.image(key, step, picture)</code>, or stores as PNG under{" "}
          <code>images/KEY/STEP.png</code>, appear here by key and step.
        </p>
      </Empty>
    );
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,420px),1fr))]">
      {[...keys].map(([key, pictures]) => (
        <ImageSeries key={key} runId={run.id} name={key} pictures={pictures.sort((a, b) => a.step - b.step)} />
      ))}
    </div>
  );
}

import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { pandasSnippet, torchSnippet } from "@/lib/manifests/snippet.ts";
import { origin } from "@/lib/origin.ts";

export function ReadIt({ manifest }: { manifest: string }) {
  return (
    <div className="grid gap-3">
      <Snippet text={pandasSnippet(origin(), manifest)} label="Copy the scikit-learn snippet" />
      <Snippet text={torchSnippet(origin(), manifest)} label="Copy the PyTorch snippet" />
    </div>
  );
}

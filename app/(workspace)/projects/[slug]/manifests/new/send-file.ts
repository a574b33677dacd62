import type { Problem } from "@/lib/wire/base/problem.ts";
import type { DatasetUploaded } from "@/lib/wire/datasets.ts";

/** `field` is what the server found wrong first: it may be something that a person can answer. */
export type UploadAnswer = { ok: true; remarks: string[] } | { ok: false; words: string; field: string | null };

const refused = (words: string, field: string | null = null): UploadAnswer => ({ ok: false, words, field });

export const sendFile = (address: string, file: File, onProgress: (share: number) => void): Promise<UploadAnswer> =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 1);
    request.onerror = () => resolve(refused("The server can't be reached; the file may be sent again."));
    request.onload = () => resolve(answerOf(request));
    request.open("POST", address);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });

function answerOf({ status, responseText }: XMLHttpRequest): UploadAnswer {
  try {
    if (status < 300) return { ok: true, remarks: (JSON.parse(responseText) as DatasetUploaded).remarks };
    const { detail, errors } = JSON.parse(responseText) as Problem;
    return refused(detail, errors?.[0]?.field ?? null);
  } catch {
    return refused(`The server answered ${status}.`);
  }
}

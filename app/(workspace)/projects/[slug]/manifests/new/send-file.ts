import type { Problem } from "@/lib/wire/base/problem.ts";
import type { DatasetUploaded } from "@/lib/wire/datasets.ts";

/** What the server found wrong first, by its field: it may be something that a person can answer. */
export type UploadFault = { field: string; detail: string };

export type UploadAnswer =
  | { ok: true; remarks: string[] }
  | {
      ok: false;
      words: string;
      fault: UploadFault | null;
    };

const refused = (words: string, fault: UploadFault | null = null): UploadAnswer => ({ ok: false, words, fault });

/** Sends a file to `address`; `onProgress` hears the share of it that has gone out, 0 to 1. */
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
    return refused(detail, errors?.[0] ?? null);
  } catch {
    return refused(`The server answered ${status}.`);
  }
}

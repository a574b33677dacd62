import { makeCertificate } from "@/lib/champions/certificate.ts";
import { CERTIFICATE_CONTENT_TYPE } from "@/lib/wire/certificates/certificate.ts";
import { attachment } from "../../../../../_file-name.ts";
import { handle } from "../../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params, query }) => {
  const { name, file } = await makeCertificate(actor, params.project, Object.fromEntries(query));
  return new Response(file, {
    headers: {
      "content-type": CERTIFICATE_CONTENT_TYPE,
      "content-disposition": attachment(name),
      "cache-control": "private, no-store",
    },
  });
});

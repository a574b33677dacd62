import { readJson } from "@/lib/bodies/read-body.ts";
import { answerStudy, listAnswers } from "@/lib/studies/answers.ts";
import { handle } from "../../../../_handler.ts";

type Params = { study: string };

export const GET = handle<Params>(({ actor, params }) => listAnswers(actor, params.study));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  answerStudy(actor, params.study, await readJson(request, "answerStudy")),
);

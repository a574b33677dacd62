DROP INDEX "run_values_by_text";--> statement-breakpoint
ALTER TABLE "run_values" ADD COLUMN "whole" text collate "C";--> statement-breakpoint
ALTER TABLE "run_values" ADD COLUMN "digest" "bytea";--> statement-breakpoint
CREATE INDEX "run_values_by_text" ON "run_values" USING btree ("project_id","key","text","run_id","digest") WHERE "run_values"."text" is not null;--> statement-breakpoint
-- runs from before: long texts whole, and values whose key another value of the config has, too
INSERT INTO "run_values" ("run_id", "project_id", "key", "number", "text", "whole", "digest")
WITH RECURSIVE "flat" ("run_id", "project_id", "path", "value") AS (
	SELECT r."id", r."project_id", array[e."key"], e."value" FROM "runs" r, jsonb_each(r."config") e
	UNION ALL
	SELECT f."run_id", f."project_id", f."path" || e."key", e."value" FROM "flat" f,
		jsonb_each(CASE WHEN jsonb_typeof(f."value") = 'object' THEN f."value" ELSE '{}' END) e
), "named" AS (
	SELECT "run_id", "project_id", "value", array_to_string("path", '.') AS "name", row_number() OVER (
		PARTITION BY "run_id", array_to_string("path", '.') ORDER BY cardinality("path"), "path" COLLATE "C")::int - 1 AS "before",
		CASE WHEN jsonb_typeof("value") NOT IN ('number', 'null') THEN "value" #>> '{}' END AS "text"
	FROM "flat" WHERE "value" = '{}' OR jsonb_typeof("value") <> 'object'
)
SELECT "run_id", "project_id", "name" || repeat(' (nested)', "before"),
	CASE jsonb_typeof("value") WHEN 'number' THEN ("value" #>> '{}')::double precision END, left("text", 300),
	CASE WHEN length("text") > 300 THEN "text" END,
	CASE WHEN length("text") > 300 THEN sha256(convert_to("text", 'UTF8')) END
FROM "named" WHERE ("before" > 0 OR length("text") > 300) AND length("name") + 9 * "before" <= 300
ON CONFLICT ("run_id", "key") DO UPDATE SET "whole" = excluded."whole", "digest" = excluded."digest";

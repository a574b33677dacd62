DROP INDEX "runs_by_name";--> statement-breakpoint
DROP INDEX "runs_by_duration";--> statement-breakpoint
DROP INDEX "series_by_last";--> statement-breakpoint
DROP INDEX "series_by_min";--> statement-breakpoint
DROP INDEX "series_by_max";--> statement-breakpoint
DROP INDEX "series_by_mean";--> statement-breakpoint
DROP INDEX "series_by_at_best";--> statement-breakpoint
CREATE INDEX "runs_by_name" ON "runs" USING btree ("project_id",lower("name"),"id","name") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "runs_by_duration" ON "runs" USING btree ("project_id",("ended_at" - "started_at"),"id","ended_at","started_at") WHERE "runs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "series_by_last" ON "series" USING btree ("project_id","metric","split",(nullif(last, 'NaN'::double precision)),"run_id","last") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_min" ON "series" USING btree ("project_id","metric","split","min","run_id") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_max" ON "series" USING btree ("project_id","metric","split","max","run_id") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_mean" ON "series" USING btree ("project_id","metric","split",(nullif(sum / nullif(count - non_finite_count, 0)::double precision, 'NaN'::double precision)),"run_id","sum","count","non_finite_count") WHERE not "series"."quarantined";--> statement-breakpoint
CREATE INDEX "series_by_at_best" ON "series" USING btree ("project_id","metric","split",(nullif(at_best, 'NaN'::double precision)),"run_id","at_best") WHERE not "series"."quarantined";
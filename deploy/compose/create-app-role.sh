#!/bin/sh
# Runs once, as PostgreSQL makes the database: the role that the app logs in as, which may change neither tables nor final rows.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_APP_PASSWORD" \
  --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
create role holdout_app login password :'password';
SQL

#!/bin/sh
# Run once by the postgres image, on an empty volume: an owner that is no superuser, and its two databases.
# It may create roles because the migrations make quimbi_app and quimbi_system.
set -eu
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE quimbi LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE support OWNER quimbi;
CREATE DATABASE intelligence OWNER quimbi;
SQL

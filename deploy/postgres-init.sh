#!/bin/bash
# Runs once, when the database of compose.yaml is made: a role of its own, which is no superuser.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v password="$DATABASE_PASSWORD" --username postgres <<'SQL'
CREATE ROLE karvon LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'password';
CREATE DATABASE karvon OWNER karvon ENCODING 'UTF8' TEMPLATE template0;
SQL

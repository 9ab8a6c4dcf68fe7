# What does the database container do once, on an empty volume? The same roles and template as script/setup makes.
# The image's entry point reads this file; it runs nowhere else.
# shellcheck shell=bash

set -euo pipefail
run() { psql -X -q -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }
run -d postgres -f /datnghe/roles.sql
run -d postgres -c 'CREATE DATABASE template_datnghe TEMPLATE template0'
run -d template_datnghe -f /datnghe/template.sql
run -d postgres -c 'ALTER DATABASE template_datnghe IS_TEMPLATE true'
run -d postgres -c 'CREATE DATABASE datnghe TEMPLATE template_datnghe OWNER datnghe_owner'

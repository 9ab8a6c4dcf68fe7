# What do all scripts share? Paths, messages, the environment file. It installs nothing and starts nothing.
# shellcheck shell=bash

set -euo pipefail
umask 022

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
LOCAL=$ROOT/.local
VENV=$LOCAL/venv
ENV_FILE=$LOCAL/env
export PATH=$VENV/bin:$PATH PYTHONUTF8=1 LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }
step() { printf '\033[1m→\033[0m %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# True when the caller brought a database server of their own: both addresses, and not our own cluster's.
external_database() {
  [[ ${DATNGHE_CLUSTER:-} != own && -n ${DATABASE_URL:-} && -n ${MIGRATE_DATABASE_URL:-} ]]
}

# Refuse half a switch: serving from one server while migrating another would go unnoticed for long.
check_database_switch() {
  [[ ${DATNGHE_CLUSTER:-} == own ]] && return
  [[ -n ${DATABASE_URL:-} && -z ${MIGRATE_DATABASE_URL:-} ]] && die "DATABASE_URL is set but MIGRATE_DATABASE_URL is not: set both or neither."
  [[ -z ${DATABASE_URL:-} && -n ${MIGRATE_DATABASE_URL:-} ]] && die "MIGRATE_DATABASE_URL is set but DATABASE_URL is not: set both or neither."
  return 0
}

# Print the value of KEY in the environment file, or nothing.
recorded() {
  [[ -f $ENV_FILE ]] || return 0
  (
    unset "$1"
    # shellcheck disable=SC1090
    source "$ENV_FILE"
    printf '%s' "${!1:-}"
  )
}

# Export what set-up recorded. A variable that is already in the environment wins.
load_env() {
  if external_database && [[ -n ${SECRET_KEY:-} ]]; then return; fi # containers bring everything by environment
  [[ -f $ENV_FILE ]] || die "$ENV_FILE is missing: run script/setup first."
  local line key external=no
  external_database && external=yes
  while IFS= read -r line; do
    key=${line%%=*}
    [[ -v $key ]] && continue
    if [[ $external == yes && $key != SECRET_KEY && $key != DATNGHE_STATE ]]; then continue; fi
    eval "export $line" # written by us with %q, mode 0600
  done <"$ENV_FILE"
}

# Run Django's commands; owner_manage migrates and creates as the owner role, manage serves as the application.
# The web's 5 s statement limit belongs to the role; commands and jobs get two minutes.
manage() { PGOPTIONS="${PGOPTIONS:--c statement_timeout=120s}" "$VENV/bin/python" "$ROOT/manage.py" "$@"; }
owner_manage() { DATABASE_URL=${MIGRATE_DATABASE_URL:-$DATABASE_URL} manage "$@"; }

# Compile the message catalogues that are newer than their compiled form.
compile_messages() {
  local po mo
  while IFS= read -r -d '' po; do
    mo=${po%.po}.mo
    if [[ $po -nt $mo ]]; then msgfmt --check-format -o "$mo.$$" "$po" && mv "$mo.$$" "$mo"; fi
  done < <(find "$ROOT/locale" -name '*.po' -print0 2>/dev/null)
}

# True when the stamp NAME holds TEXT; stamp writes it.
stamped() { [[ -f $LOCAL/stamps/$1 && $(<"$LOCAL/stamps/$1") == "$2" ]]; }
stamp() { mkdir -p "$LOCAL/stamps" && printf '%s' "$2" >"$LOCAL/stamps/$1"; }
hash_of() { cat "$@" | sha256sum | cut -c1-32; }

# Print the first free TCP port on 127.0.0.1 from FIRST on.
free_port() {
  "$PYTHON" - "$1" <<'PY'
import socket, sys
for port in range(int(sys.argv[1]), int(sys.argv[1]) + 200):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(port)
        break
else:
    sys.exit(1)
PY
}
PYTHON=$VENV/bin/python

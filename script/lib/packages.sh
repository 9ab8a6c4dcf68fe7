# What does the checkout itself carry under .local? The virtual environment, the front-end files, the environment file.
# Needs common.sh; nothing here needs root.
# shellcheck shell=bash

# The Python environment equals requirements.txt, packages and hashes; nothing else is in it.
ensure_python() {
  local wanted
  wanted="$ROOT $("$BASE_PYTHON" -V) $(hash_of "$ROOT/requirements.txt")"
  stamped python "$wanted" && return
  step "installing Python packages with $("$BASE_PYTHON" -V)"
  if ! [[ -x $LOCAL/tools/bin/uv ]] || ! "$LOCAL/tools/bin/uv" --version >/dev/null 2>&1; then
    "$BASE_PYTHON" -m venv --clear "$LOCAL/tools"
    # uv's own entry of the lock file, hashes included
    sed -n '/^uv==/,/[^\\]$/p' "$ROOT/requirements.txt" >"$LOCAL/tools/uv.txt"
    "$LOCAL/tools/bin/python" -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r "$LOCAL/tools/uv.txt"
  fi
  if ! [[ -x $VENV/bin/python ]] || [[ $("$VENV/bin/python" -V 2>&1) != $("$BASE_PYTHON" -V) ]] ||
    ! grep -qs "^command = .*$VENV\$" "$VENV/pyvenv.cfg"; then
    "$BASE_PYTHON" -m venv --clear --without-pip "$VENV"
  fi
  UV_LINK_MODE=${UV_LINK_MODE:-copy} "$LOCAL/tools/bin/uv" pip sync -q --require-hashes -p "$VENV/bin/python" "$ROOT/requirements.txt"
  stamp python "$wanted"
}

# The libraries of package-lock.json, and of them the files that pages load.
ensure_frontend() {
  local wanted
  wanted="$ROOT $(hash_of "$ROOT/package-lock.json" "$ROOT/script/vendor.py")"
  stamped frontend "$wanted" && [[ -d $ROOT/mapping/static/vendor ]] && return
  step "installing front-end packages"
  (cd "$ROOT" && "$VENV/bin/npm" ci --loglevel=error >&2)
  "$VENV/bin/python" "$ROOT/script/vendor.py"
  stamp frontend "$wanted"
}

# Print KEY=VALUE lines; only a value that a shell would misread is quoted, so that other programs can read the file too.
env_lines() {
  while (($#)); do
    if [[ $2 =~ ^[A-Za-z0-9_./:@?=%+,-]*$ ]]; then printf '%s=%s\n' "$1" "$2"; else printf '%s=%q\n' "$1" "$2"; fi
    shift 2
  done
}

random_hex() { "$VENV/bin/python" -c 'import secrets; print(secrets.token_hex(32))'; }

# Write .local/env (mode 0600). Secrets stay what they were; places and ports are written afresh.
write_env() {
  local secret temporary=$ENV_FILE.new
  secret=$(recorded SECRET_KEY)
  secret=${secret:-$(random_hex)}
  if external_database; then
    [[ -f $ENV_FILE ]] && return
    (umask 077 && env_lines SECRET_KEY "$secret" DATNGHE_STATE "$LOCAL" >"$temporary")
    mv "$temporary" "$ENV_FILE"
    return
  fi
  OWNER_PASSWORD=$(recorded DATNGHE_OWNER_PASSWORD)
  APP_PASSWORD=$(recorded DATNGHE_APP_PASSWORD)
  export OWNER_PASSWORD=${OWNER_PASSWORD:-$(random_hex)} APP_PASSWORD=${APP_PASSWORD:-$(random_hex)}
  local place
  place="localhost:$PORT/datnghe?host=$("$VENV/bin/python" -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$SOCKETS")"
  (umask 077 && env_lines >"$temporary" \
    SECRET_KEY "$secret" \
    DATNGHE_STATE "$LOCAL" \
    DATNGHE_CLUSTER own \
    DATNGHE_PGHOME "$PGHOME" \
    DATNGHE_OWNER_PASSWORD "$OWNER_PASSWORD" \
    DATNGHE_APP_PASSWORD "$APP_PASSWORD" \
    PGHOST "$SOCKETS" \
    PGPORT "$PORT" \
    DATABASE_URL "postgis://datnghe_app:$APP_PASSWORD@$place" \
    MIGRATE_DATABASE_URL "postgis://datnghe_owner:$OWNER_PASSWORD@$place")
  if cmp -s "$temporary" "$ENV_FILE"; then rm "$temporary"; else mv "$temporary" "$ENV_FILE"; fi
}

# What prepare_cluster depends on: a new data directory, new secrets or new SQL run it again.
cluster_fingerprint() {
  printf '%s %s' "$(as_pg stat -c %W.%i "$DATA/PG_VERSION")" \
    "$(printf '%s %s' "$OWNER_PASSWORD$APP_PASSWORD" "$(cat "$ROOT/script/lib/roles.sql" "$ROOT/script/lib/template.sql")" | sha256sum | cut -c1-32)"
}

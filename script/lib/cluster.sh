# Where does the project's own PostgreSQL live and how is it started? It never runs as root and never touches a server it
# did not create. Needs common.sh and system.sh.
# shellcheck shell=bash

FIRST_PORT=15432 # below the range that outgoing connections take ports from

# Run a command as the operating-system user that owns the cluster: postgres when we are root, ourselves otherwise.
as_pg() {
  if [[ $(id -u) == 0 ]]; then
    (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  else
    "$@"
  fi
}

# True when FOLDER can hold a data directory: local disk, reachable by the cluster's user, keeps mode 0700.
can_hold_data() {
  local probe=$1/probe.$$ ok=no
  mkdir -p "$1" 2>/dev/null || return 1
  is_local_filesystem "$(stat -f -c %T "$1")" || return 1
  mkdir -m 0700 "$probe" 2>/dev/null || return 1
  [[ $(id -u) == 0 ]] && chown postgres: "$probe" 2>/dev/null
  if as_pg test -w "$probe" 2>/dev/null && [[ $(stat -c %a "$probe") == 700 ]]; then ok=yes; fi
  rmdir "$probe"
  [[ $ok == yes ]]
}

# True unless the file system type (as stat -f names it) lives on another machine or passes through a translator.
is_local_filesystem() {
  case $1 in
    nfs* | cifs | smb* | v9fs | 9p | fuse* | afs | ceph | lustre | gpfs | vboxsf | prl_fs | vmhgfs) return 1 ;;
    *) return 0 ;;
  esac
}

# Print where the cluster lives: the recorded place, else .local/pg, else the state folder (/var/lib/datnghe for root).
cluster_home() {
  local home
  if [[ $(recorded DATNGHE_STATE) == "$LOCAL" ]]; then
    home=$(recorded DATNGHE_PGHOME)
    [[ -n $home ]] && printf '%s\n' "$home" && return
  fi
  if can_hold_data "$LOCAL/pg"; then
    printf '%s\n' "$LOCAL/pg"
    return
  fi
  if [[ $(id -u) == 0 ]]; then home=/var/lib/datnghe; else home=${XDG_STATE_HOME:-$HOME/.local/state}/datnghe; fi
  home=$home/$(basename "$ROOT")-$(printf '%s' "$ROOT" | sha256sum | cut -c1-8)
  can_hold_data "$home" || die "neither $LOCAL/pg nor $home can hold a database (local disk, mode 0700, reachable). Set XDG_STATE_HOME or use DATABASE_URL."
  say "the checkout cannot hold the database; its data go to $home"
  printf '%s\n' "$home"
}

# Print the folder of the unix socket: its path must stay under 107 bytes.
socket_folder() {
  local folder=$1/run fallback
  if ((${#folder} + ${#FIRST_PORT} + 11 < 107)); then
    printf '%s\n' "$folder"
  else
    fallback=/tmp/datnghe-$(id -u)-$(printf '%s' "$1" | sha256sum | cut -c1-8)
    printf '%s\n' "$fallback"
  fi
}

# Set PGHOME, DATA, SOCKETS, PG_BIN; stop when the data belong to a major version that is not installed.
locate_cluster() {
  PGHOME=$(cluster_home)
  DATA=$PGHOME/data
  SOCKETS=$(socket_folder "$PGHOME")
  local major=
  major=$(as_pg cat "$DATA/PG_VERSION" 2>/dev/null || true)
  PG_BIN=$(find_postgres "$major") || stop_for_upgrade "$major"
}

stop_for_upgrade() {
  local new
  new=$(find_postgres) || die "PostgreSQL with PostGIS is not installed: run script/setup."
  new=$(basename "$(dirname "$new")")
  local su=
  [[ $(id -u) == 0 ]] && su="runuser -u postgres -- "
  die "the data in $DATA were written by PostgreSQL $1, installed is $new. Nothing was changed.
To keep the data, install postgresql-$1 and postgresql-$1-postgis-3 beside it, then run:

    old=/usr/lib/postgresql/$1/bin; new=/usr/lib/postgresql/$new/bin
    $su\$old/pg_ctl -D '$DATA' -w start
    $su\$old/pg_dump -h '$SOCKETS' -p $(recorded PGPORT) -U postgres -Fc -f '$PGHOME/datnghe.dump' datnghe
    $su\$old/pg_ctl -D '$DATA' -w stop
    mv '$DATA' '$DATA-$1'
    script/setup
    $su\$new/pg_restore -h '$SOCKETS' -p $(recorded PGPORT) -U postgres --clean --if-exists -d datnghe '$PGHOME/datnghe.dump'

To start afresh instead (demo data only): mv '$DATA' '$DATA-$1' && script/setup"
}

# Write the server's settings for PORT; print "changed" when they differ from what is there.
write_settings() {
  local memory_mb buffers
  memory_mb=$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
  buffers=$((memory_mb / 8))
  if ((buffers > 1024)); then buffers=1024; fi
  local text
  text="# written by script/setup; put your own settings into postgresql.conf below the include
listen_addresses = '127.0.0.1'
port = $1
unix_socket_directories = '$SOCKETS'
unix_socket_permissions = 0777
max_connections = 100
password_encryption = 'scram-sha-256'

fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
max_wal_size = '2GB'
checkpoint_timeout = '10min'

shared_buffers = '${buffers}MB'
effective_cache_size = '$((buffers * 3))MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
random_page_cost = 1.1
effective_io_concurrency = 100

lock_timeout = 0
idle_in_transaction_session_timeout = '10min'
temp_file_limit = '2GB'

timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
log_lock_waits = on
log_min_duration_statement = '2s'
log_line_prefix = '%m [%p] %u@%d '"
  if [[ $(as_pg cat "$DATA/datnghe.conf" 2>/dev/null || true) != "$text" ]]; then
    # shellcheck disable=SC2016
    printf '%s\n' "$text" | as_pg tee "$DATA/datnghe.conf" >/dev/null
    echo changed
  fi
}

create_cluster() {
  step "creating the database cluster in $PGHOME"
  mkdir -p "$PGHOME"
  [[ $(id -u) == 0 ]] && chown postgres: "$PGHOME"
  chmod 0711 "$PGHOME"
  as_pg rm -rf "$DATA.new"
  # peer: only the operating-system user that owns the files is superuser, without any password
  as_pg "$PG_BIN/initdb" -D "$DATA.new" -U postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=scram-sha-256 >/dev/null
  as_pg tee "$DATA.new/pg_hba.conf" >/dev/null <<HBA
local all postgres peer map=datnghe
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
HBA
  echo "datnghe $(as_pg id -un) postgres" | as_pg tee "$DATA.new/pg_ident.conf" >/dev/null
  echo "include 'datnghe.conf'" | as_pg tee -a "$DATA.new/postgresql.conf" >/dev/null
  as_pg mv "$DATA.new" "$DATA"
}

cluster_running() { as_pg "$PG_BIN/pg_ctl" -D "$DATA" status >/dev/null 2>&1; }

pg_start() {
  mkdir -p "$SOCKETS"
  if [[ $(id -u) == 0 ]]; then chown postgres: "$SOCKETS" && chmod 0755 "$SOCKETS"; else chmod 0700 "$SOCKETS"; fi
  # the server outlives us: it must not keep our lock (9) nor our pipes open
  as_pg "$PG_BIN/pg_ctl" -D "$DATA" -l "$DATA/start.log" -w -t 60 start >/dev/null 2>&1 </dev/null 9>&-
}

# Start the cluster on its recorded port, or on the next free one; sets PORT.
start_cluster() {
  [[ -d $DATA ]] || create_cluster
  PORT=$(recorded PGPORT)
  local changed
  if cluster_running; then
    PORT=$(as_pg sed -n 4p "$DATA/postmaster.pid")
    changed=$(write_settings "$PORT")
    [[ $changed == changed ]] || return 0
    step "restarting PostgreSQL: its settings changed"
    as_pg "$PG_BIN/pg_ctl" -D "$DATA" -m fast -w stop >/dev/null
  fi
  PORT=$(free_port "${PORT:-$FIRST_PORT}") || die "no free port from ${PORT:-$FIRST_PORT} on."
  write_settings "$PORT" >/dev/null
  step "starting PostgreSQL $(basename "$(dirname "$PG_BIN")") on 127.0.0.1:$PORT"
  if ! pg_start; then
    # somebody took the port between looking and starting
    PORT=$(free_port $((PORT + 1)))
    write_settings "$PORT" >/dev/null
    pg_start || die "PostgreSQL does not start. Its words: $(as_pg tail -n 20 "$DATA/start.log" "$DATA"/log/*.log 2>&1)"
  fi
}

super_psql() { as_pg "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$SOCKETS" -p "$PORT" -U postgres "$@"; }

# Create roles, template and the demo database; needs OWNER_PASSWORD and APP_PASSWORD exported.
prepare_cluster() {
  local there
  super_psql -d postgres <"$ROOT/script/lib/roles.sql" >/dev/null
  there=$(super_psql -d postgres -Atc "SELECT string_agg(datname, ' ') FROM pg_database")
  if [[ " $there " != *" template_datnghe "* ]]; then
    super_psql -d postgres -c "CREATE DATABASE template_datnghe TEMPLATE template0"
  fi
  super_psql -d template_datnghe <"$ROOT/script/lib/template.sql" >/dev/null
  super_psql -d postgres -c "ALTER DATABASE template_datnghe IS_TEMPLATE true"
  if [[ " $there " != *" datnghe "* ]]; then
    super_psql -d postgres -c "CREATE DATABASE datnghe TEMPLATE template_datnghe OWNER datnghe_owner"
  fi
}

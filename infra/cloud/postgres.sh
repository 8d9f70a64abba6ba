# shellcheck shell=bash
# Sourced by the cloud's scripts: which database the read models are in, and a PostgreSQL of this cloud's own from
# Debian's package. It runs as the user postgres, listens on a Unix socket only, and holds nothing that the log does not.

# Of the first start with a choice, kept for later ones: sqlite, postgres (our own), or the URL of an existing server.
database_file=$state/database
postgres_dir=$state/postgres

# database: the chosen database.
database() { cat "$database_file" 2> /dev/null || echo sqlite; }

choose_database() {
  local wanted=${CAIRN_DATABASE_URL:-${CAIRN_DATABASE:-$(database)}}
  [ "$wanted" = "$(database)" ] || say "the read models are in $wanted from now on; they are built from the log"
  put "$database_file" echo "$wanted"
  if [ -n "${CAIRN_DATABASE_PASSWORD_FILE:-}" ]; then
    (umask 077 && put "$state/database.password" cat "$CAIRN_DATABASE_PASSWORD_FILE")
  elif [ "$wanted" = postgres ]; then
    secret "$state/database.password"
  fi
}

# database_json: the database, as fields of the controller's configuration.
database_json() {
  local url
  url=$(database)
  case $url in
    sqlite) echo '{}' && return ;;
    postgres) url="postgresql://cairn@localhost/cairn?host=$(jq -rn --arg dir "$postgres_dir/socket" '$dir | @uri')" ;;
  esac
  jq -n --arg url "$url" --arg file "$(ls "$state/database.password" 2> /dev/null || true)" \
    '{databaseUrl: $url} + (if $file == "" then {} else {databasePasswordFile: $file} end)'
}

# The newest server that is installed.
postgres_bin() { dirname "$(find /usr/lib/postgresql -path '*/bin/postgres' | sort -V | tail -n 1)"; }

# as_postgres COMMAND...: no shell, no root.
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all -- "$@"; }

# sql DATABASE: the statements of standard input, as the server's superuser, whom only the system user postgres may be.
sql() {
  (cd / && as_postgres "$(postgres_bin)/psql" --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
    --host "$postgres_dir/socket" --username postgres --dbname "$1")
}

# run_postgres: becomes the server.
run_postgres() {
  cd /
  exec setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all -- "$(postgres_bin)/postgres" -D "$postgres_dir/data"
}

postgres_answers() { [ "$(sql postgres <<< 'SELECT 1')" = 1 ]; }

database_is_there() { [ "$(sql postgres <<< "SELECT 1 FROM pg_database WHERE datname = 'cairn'")" = 1 ]; }

# The controller's role reaches its own database, and the one that every server has: from there it makes its own again
# when somebody has dropped it.
who_may_connect() { printf 'local all postgres peer\nlocal cairn,postgres cairn scram-sha-256\n'; }

make_cluster() {
  [ ! -s "$postgres_dir/data/PG_VERSION" ] || return 0
  rm -rf "$postgres_dir"
  install -d -o postgres -g postgres -m 700 "$postgres_dir" "$postgres_dir/socket"
  as_postgres test -w "$postgres_dir" || die "the user postgres cannot reach $postgres_dir: CAIRN_STATE must be in a folder that all may pass"
  [ ${#postgres_dir} -lt 85 ] || die "$postgres_dir is too long for a Unix socket"
  (cd / && as_postgres "$(postgres_bin)/initdb" --pgdata "$postgres_dir/data.new" --username postgres --encoding UTF8 \
    --locale C.UTF-8 --auth-local peer --auth-host reject) >> "$logs/postgres.log"
  who_may_connect > "$postgres_dir/data.new/pg_hba.conf"
  cat >> "$postgres_dir/data.new/postgresql.conf" << TEXT
listen_addresses = ''
unix_socket_directories = '$postgres_dir/socket'
max_connections = 100
shared_buffers = 128MB
max_wal_size = 256MB
checkpoint_completion_target = 0.9
TEXT
  mv "$postgres_dir/data.new" "$postgres_dir/data"
}

# Role and database, made where they are missing as soon as the server answers, with the password of the file. It passes
# by a pipe.
make_database() {
  local verifier tries
  for ((tries = 600; tries > 0; tries--)); do
    ! postgres_answers 2> /dev/null || break
    sleep 0.1
  done
  verifier=$(node "$here/scram-verifier.mjs" < "$state/database.password")
  [ "$(< "$postgres_dir/data/pg_hba.conf")" = "$(who_may_connect)" ] || who_may_connect > "$postgres_dir/data/pg_hba.conf"
  sql postgres <<< "SELECT pg_reload_conf() \g /dev/null
    SELECT 'CREATE ROLE cairn LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cairn') \gexec
    ALTER ROLE cairn CREATEDB PASSWORD '$verifier';
    SELECT 'CREATE DATABASE cairn OWNER cairn' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cairn') \gexec"
}

ensure_postgres() {
  [ "$(database)" = postgres ] || return 0
  if supervised postgres; then
    make_database # of an older cluster, or dropped while no controller ran
    return
  fi
  start postgres
  wait_for postgres 60 "PostgreSQL in $postgres_dir" database_is_there
}

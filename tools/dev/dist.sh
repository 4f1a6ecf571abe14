# shellcheck shell=bash
# ./dev dist: the sources as an archive that builds without git. The same commit gives the same bytes.

# The version that the sources have.
source_version() {
  sed -n 's/^project(Oleander VERSION \([0-9.]*\).*/\1/p' "$cd_root/CMakeLists.txt"
}

# dist [FOLDER]: prints the path of the archive. In a clone it holds the last commit; in an unpacked archive all its files.
dist() {
  local folder=${1:-$cd_root/build/dist} name archive
  name="oleander-$(source_version)"
  archive="$folder/$name.tar.xz"
  mkdir -p "$folder"
  if git -C "$cd_root" rev-parse --show-toplevel >/dev/null 2>&1; then
    if [ -n "$(git -C "$cd_root" status --porcelain)" ]; then
      say "./dev: the archive holds the last commit; what is changed here since is not in it"
    fi
    git -C "$cd_root" archive --format=tar --prefix="$name/" HEAD | xz -9 --threads=1 >"$archive.new"
  else
    tar -C "$cd_root" --exclude=./build --transform="s|^\.|$name|" --sort=name --owner=0 --group=0 --numeric-owner \
      --mtime="@$(stat -c %Y "$cd_root/CHANGELOG.md")" -cf - . | xz -9 --threads=1 >"$archive.new"
  fi
  mv "$archive.new" "$archive"
  printf '%s\n' "$archive"
}

command_dist() {
  [ $# -eq 0 ] || fail "dist takes no arguments"
  need xz-utils
  dist
}

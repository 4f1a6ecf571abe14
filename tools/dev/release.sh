# shellcheck shell=bash
# ./dev release X.Y.Z: the version in the tree, all checks, the same bytes twice, then commit and tag.

# Two builds of one archive in different folders; what each installs must be the same.
release_reproducible() {
  local archive=$1 folder copy
  folder=$(mktemp -d)
  for copy in first second; do
    mkdir "$folder/$copy"
    tar -C "$folder/$copy" --strip-components=1 -xf "$archive"
    step "Building the archive, the $copy time" release_build_copy "$folder/$copy" "$folder/$copy-tree"
  done
  if ! diff -r "$folder/first-tree" "$folder/second-tree" >&2; then
    rm -rf "$folder"
    fail "two builds of the archive differ in the files above"
  fi
  rm -rf "$folder"
  say "Two builds of the archive give the same bytes."
}

release_build_copy() {
  cmake -S "$1" -B "$1/build/release" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER_LAUNCHER= \
    -DCMAKE_CXX_COMPILER_LAUNCHER= -DOLEANDER_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr/local
  ninja -C "$1/build/release" ${OLEANDER_JOBS:+-j "$OLEANDER_JOBS"}
  DESTDIR=$2 cmake --install "$1/build/release"
}

# The archive twice; prints its path.
release_archive() {
  local first second
  first=$(dist)
  second=$(dist "$cd_root/build/dist/again")
  cmp "$first" "$second" >&2 || fail "two source archives of one commit differ"
  rm -rf "$cd_root/build/dist/again"
  printf '%s\n' "$first"
}

release_usage="release X.Y.Z [--prepare | --reproducible]"

command_release() {
  local version='' mode=all archive
  while [ $# -gt 0 ]; do
    case $1 in
      --prepare) mode=prepare ;;
      --reproducible) mode=reproducible ;;
      -*) fail "release has no option '$1': $release_usage" ;;
      *) [ -z "$version" ] || fail "one version is released at a time: $release_usage"; version=$1 ;;
    esac
    shift
  done
  need "${packages_build[@]}" git xz-utils
  cd "$cd_root"
  if [ "$mode" = reproducible ]; then
    release_reproducible "$(release_archive)"
    return
  fi
  [ -n "$version" ] || fail "which version? $release_usage"
  [ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed; commit or drop them first"
  if git rev-parse --verify --quiet "refs/tags/v$version" >/dev/null; then fail "v$version has been released"; fi
  say "Writing $version into"
  LC_ALL=C lua5.4 tools/dev/release_version.lua "$version" "$(date -u +%F)" "$(LC_ALL=C date -u -R)" >&2
  if [ "$mode" = prepare ]; then
    say "Prepared; look at it (git diff) and commit it. Without --prepare it is checked and tagged, too."
    return
  fi
  .ci/run
  subject abi
  command_abi
  if [ -n "$(git status --porcelain)" ]; then
    git add -A
    git commit -q -m "Release $version"
  fi
  archive=$(release_archive)
  release_reproducible "$archive"
  git tag -a "v$version" -m "Oleander $version"
  say "v$version is tagged, its sources are ${archive#"$cd_root"/}. To publish: git push --follow-tags; ./dev package --check"
}

# shellcheck shell=bash
# ./dev package: Debian packages, each set built in a root of its distribution, tried in a bare one.

# What a root needs to build in, by debian/control, and what looks at the packages.
build_dependencies() {
  sed -n '/^Build-Depends:/,/^[A-Z]/{s/^Build-Depends://;/^[A-Z]/d;s/([^)]*)//g;p}' "$cd_root/debian/control" |
    tr -d ' \n' | sed 's/debhelper-compat/debhelper/'
  printf ',lintian,xz-utils'
}

# package_build SUITE ARCHIVE: build/packages/SUITE.
package_build() {
  local suite=$1 sources=$2 root target="$cd_root/build/packages/$1" base status=0
  base=$(root_archive "$suite" buildd "$(build_dependencies)")
  root=$(open_root "$base")
  say "Building the packages of $suite ..."
  as_root mkdir "$root/build"
  as_root cp "$sources" "$root/build/sources.tar.xz"
  as_root cp "$cd_root/tools/dev/package_in_root.sh" "$root/build/"
  mkdir -p "$target"
  in_root --offline "$root" bash /build/package_in_root.sh "$(suite_number "$suite")" "${OLEANDER_JOBS:-$(nproc)}" \
    >"$target/build.log" 2>&1 || status=1
  if [ "$status" = 0 ]; then
    rm -f "$target"/*.deb "$target"/*.buildinfo "$target"/*.changes "$target/lintian.log"
    cp "$root"/build/*.deb "$root"/build/*.buildinfo "$root"/build/*.changes "$root/build/lintian.log" "$target/"
  fi
  close_root "$root"
  if [ "$status" != 0 ]; then
    tail -n 40 "$target/build.log" >&2
    fail "the packages of $suite could not be built; all of it is in $target/build.log"
  fi
  if grep -qE '^[EW]:' "$target/lintian.log"; then
    cat "$target/lintian.log" >&2
    fail "lintian finds faults in the packages of $suite"
  fi
  rm -f "$target/build.log"
}

# package_check SUITE: installs, uses and removes them in a bare root.
package_check() {
  local suite=$1 root base target="$cd_root/build/packages/$1" status=0
  compgen -G "$target/*.deb" >/dev/null || fail "there are no packages of $suite in $target"
  base=$(root_archive "$suite" minbase "")
  root=$(open_root "$base")
  say "Trying the packages of $suite in a bare root ..."
  as_root mkdir "$root/packages"
  as_root cp "$target"/*.deb "$root/packages/"
  as_root cp -r "$cd_root/tests/package/outside" "$root/packages/"
  as_root cp "$cd_root/tools/dev/package_check.sh" "$root/packages/"
  in_root "$root" bash /packages/package_check.sh >"$target/check.log" 2>&1 || status=1
  close_root "$root"
  if [ "$status" != 0 ]; then
    tail -n 30 "$target/check.log" >&2
    fail "the packages of $suite do not do in a bare root what they must; all of it is in $target/check.log"
  fi
  sed -n 's/^-- //p' "$target/check.log" >&2
}

command_package() {
  local check= only= suites=() suite sources
  while [ $# -gt 0 ]; do
    case $1 in
      --check) check=yes ;;
      --only-check) check=yes only=yes ;;
      -*) fail "package has no option '$1'" ;;
      *) suite=$(suite_of "$1") || fail "there are packages for Debian 12 (bookworm) and 13 (trixie), not for '$1'"
        suites+=("$suite") ;;
    esac
    shift
  done
  [ "${#suites[@]}" -gt 0 ] || suites=(bookworm trixie)
  need "${packages_roots[@]}" xz-utils
  [ -n "$only" ] || sources=$(dist)
  for suite in "${suites[@]}"; do
    [ -n "$only" ] || package_build "$suite" "$sources"
    [ -z "$check" ] || package_check "$suite"
    say "The packages of $suite are in build/packages/$suite"
  done
}

#!/bin/bash
# Inside a root: builds the packages of /build/sources.tar.xz for one distribution, and lets lintian look at them.
#
#   package_in_root.sh NUMBER JOBS      NUMBER: of the Debian release
set -euo pipefail
number=$1 jobs=$2
cd /build
mkdir tree
tar --strip-components=1 -C tree -xf sources.tar.xz
cd tree
# Each distribution has a version of its own, so that an upgrade of the distribution brings the newer package.
sed -i "1s/(\([^)]*\))\(.*\)/(\1+deb${number}u1)\2/; 1s/ UNRELEASED;/ unstable;/" debian/changelog
dpkg-buildpackage --build=binary --no-sign -j"$jobs"
cd ..
lintian --allow-root --fail-on=none --no-tag-display-limit --info ./*.changes >lintian.log 2>&1 || true
cat lintian.log

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A transaction costs what it brings: of all that is installed nothing is read again but
# what changed. Counted in files that are opened, as a clock tells of the machine.

count=120
admin=$PWD/dpkg root=$PWD/root
mkdir -p "$admin/info" "$root"
# package NAME TEXT: installed, with a program of that text
package() {
	printf '#!/bin/sh\necho %s\n' "$2" >"$root/$1"
	touch -d @1700000000 "$root/$1"
	printf '%s\n' "$root/$1" >"$admin/info/$1.list"
	md5sum "$root/$1" | sed 's, /,,' >"$admin/info/$1.md5sums"
}
for i in $(seq $count); do
	package "p$i" "$i"
	printf 'Package: p%d\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n' "$i"
done >"$admin/status"

cat >opened.c <<'C'
#include "opens.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int look(const char *path, int flags)
{
	const char *log = getenv("OPENED"), *root = getenv("OPENED_BELOW");
	FILE *file;

	if ((flags & (O_PATH | O_DIRECTORY)) || !strstr(path, root))
		return 0;
	file = fopen(log, "a");
	fprintf(file, "%s\n", path);
	fclose(file);
	return 0;
}
C
preloaded opened

# transaction: as the hook builds the catalog when packages are done
below=$root/
transaction() {
	: >opened
	env ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD="$PWD/opened.so" \
		OPENED="$PWD/opened" OPENED_BELOW="$below" "$EXECGATE" catalog build \
		--name local --sequence 1 --installed --admindir "$admin" --cache cache \
		--code-paths code --skip-changed -o m
}
opened_are() { [ "$(sort -u opened | sed 's,.*/,,' | tr '\n' ' ')" = "$1" ]; }

# The cache remembers nothing of a file that may still change unseen.
sleep 3
expect 0 "setup" transaction
prints "all are listed" "$count digests"
holds "all were read" test "$(sort -u opened | wc -l)" -eq $count
expect 0 "a transaction that brings nothing" transaction
holds "nothing is read again" opened_are ''
below=$admin/info/
expect 0 "once more" transaction
holds "nor is anything that dpkg noted of packages" opened_are ''
prints "and all are listed" "$count digests"
below=$root/
package p7 'the new version'
expect 0 "an upgrade of one package" transaction
prints "an upgrade: all are listed" "$count digests"
holds "an upgrade: nothing else is read" opened_are 'p7 '
package brought brought
printf 'Package: brought\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n' \
	>>"$admin/status"
sleep 3
expect 0 "one more package" transaction
prints "one more: it is listed" "$((count + 1)) digests"
# The upgraded one was read when it might still have changed.
holds "one more: what was upgraded is read at most once more" \
	bash -c '! sort -u opened | grep -vE "/(p7|brought)$"'
expect 0 "and nothing after it" transaction
holds "nothing is read again, then" opened_are ''
echo '# changed' >>"$root/p9"
expect 0 "a file that was changed" transaction
prints "it is left out" "$count digests"
holds "it is read, and nothing else" opened_are 'p9 '

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A file is the old one or the new one, whole, with all that surrounds it;
# nothing is left behind.

# Large enough that a signal can hit every stage; not all zero, not sparse.
head -c 6000000 /dev/urandom >random
{
	cat /bin/true
	cat random
} >original
SOURCE_DATE_EPOCH=1000000000
export SOURCE_DATE_EPOCH
cp original signed
sign --identity big --class program signed >/dev/null
old=$(sha256sum <original)
new=$(sha256sum <signed)

# kill SIGNAL: sign the file, kill the signer after a delay, 60 delays; sets
# $torn, $left and counts both outcomes in $olds and $news.
storm() {
	local signal=$1 command=$2 from=$3 i pid sum
	torn=0 left=0 olds=0 news=0
	mkdir -p d
	for i in $(seq 60); do
		cp "$from" d/file
		chmod 750 d/file
		if [ "$command" = sign ]; then
			"$EXECGATE" sign --key "$KEYS/rsa/key.pem" --identity big \
				--class program d/file >/dev/null 2>&1 &
		else
			"$EXECGATE" unsign d/file >/dev/null 2>&1 &
		fi
		pid=$!
		sleep "0.0$(printf %03d $((i * 7)))"
		kill "-$signal" $pid 2>/dev/null
		wait $pid 2>/dev/null
		sum=$(sha256sum <d/file)
		if [ "$sum" = "$old" ]; then
			olds=$((olds + 1))
		elif [ "$sum" = "$new" ]; then
			news=$((news + 1))
		else
			torn=$((torn + 1))
		fi
		[ "$(stat -c %a d/file)" = 750 ] || torn=$((torn + 1))
		[ "$(find d -type f | wc -l)" -eq 1 ] || left=$((left + 1))
		rm -rf d/.execgate-* d/file
	done
}
for signal in KILL TERM INT HUP; do
	storm $signal sign original
	holds "sign and SIG$signal: never torn ($olds old, $news new)" \
		test $torn -eq 0
	holds "sign and SIG$signal: both outcomes were seen" \
		test $olds -gt 0
	# Between naming the copy and renaming it a kill -9 leaves one file.
	[ $signal = KILL ] ||
		holds "sign and SIG$signal: nothing left behind" test $left -eq 0
done
storm KILL unsign signed
holds "unsign and SIGKILL: never torn ($olds old, $news new)" test $torn -eq 0

# Where files without a name are not to be had.
cat >no-tmpfile.c <<'C'
#include "opens.h"
static int look(const char *path, int flags)
{
	(void)path;
	return (flags & O_TMPFILE) == O_TMPFILE ? EOPNOTSUPP : 0;
}
C
preloaded no-tmpfile
cp original file
expect 0 "without O_TMPFILE" env ASAN_OPTIONS=verify_asan_link_order=0 \
	LD_PRELOAD="$PWD/no-tmpfile.so" \
	"$EXECGATE" sign --key "$KEYS/rsa/key.pem" --identity big \
	--class program file
holds "without O_TMPFILE: the same bytes" cmp file signed
export LD_PRELOAD=$PWD/no-tmpfile.so
storm TERM sign original
unset LD_PRELOAD
holds "without O_TMPFILE, SIGTERM: never torn" test $torn -eq 0
holds "without O_TMPFILE, SIGTERM: nothing left behind" test $left -eq 0
cp original file
expect 1 "without O_TMPFILE, disk full" bash -c 'ulimit -f 3000
	LD_PRELOAD=$PWD/no-tmpfile.so "$EXECGATE" sign \
		--key "$KEYS/rsa/key.pem" file'
holds "without O_TMPFILE, disk full: as it was" cmp file original
holds "without O_TMPFILE, disk full: nothing left behind" clean .

# The order that a power cut needs: the copy is on the disk before it takes the
# place, and the folder after.
cat >order.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <sys/stat.h>
static void note(const char *what)
{
	FILE *log = fopen("order.log", "a");

	fprintf(log, "%s\n", what);
	fclose(log);
}
int fsync(int fd)
{
	int (*next)(int) = dlsym(RTLD_NEXT, "fsync");
	struct stat st;

	fstat(fd, &st);
	note(S_ISDIR(st.st_mode) ? "fsync folder" : "fsync file");
	return next(fd);
}
int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	int (*next)(int, const char *, int, const char *) =
		dlsym(RTLD_NEXT, "renameat");

	note("rename");
	return next(from_dir, from, to_dir, to);
}
C
preloaded order
# order NAME EXPECTED COMMAND...
order() {
	local name=$1 expected=$2
	shift 2
	rm -f order.log
	expect 0 "$name" env ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$PWD/order.so" "$EXECGATE" "$@"
	holds "$name: order" test "$(paste -sd , order.log)" = "$expected"
}
cp original file
order "sign reaches the disk" 'fsync file,rename,fsync folder' \
	sign --key "$KEYS/rsa/key.pem" --class program file
order "sign --no-sync does not wait" 'rename' \
	sign --no-sync --key "$KEYS/rsa/key.pem" --class program file
order "unsign reaches the disk" 'fsync file,rename,fsync folder' unsign file

# No room.
expect 1 "over the file size limit" bash -c 'ulimit -f 3000
	"$EXECGATE" sign --key "$KEYS/rsa/key.pem" file'
says "over the file size limit: says so" 'File too large'
holds "over the file size limit: as it was" cmp file original
if [ "$(id -u)" -eq 0 ]; then
	mkdir full
	holds "a small disk can be mounted here" mount -t tmpfs -o size=8m none full
	cp original full/file
	expect 1 "disk full" sign full/file
	says "disk full: says so" 'No space left'
	holds "disk full: as it was" cmp full/file original
	holds "disk full: nothing left behind" \
		test "$(find full -type f | wc -l)" -eq 1
	umount full
fi

# A folder that may not be written to, and a file that may not be read.
mkdir readonly
cp /bin/true readonly/t
cp -r "$KEYS/rsa" key
chmod -R a+rX key . ..
chmod 555 readonly
cp /bin/true unreadable
chmod 111 unreadable
program=$PWD/execgate
cp "$EXECGATE" "$program"
chmod 755 "$program"
chmod 644 key/key.pem
chmod 755 "$PWD" "$(dirname "$PWD")"
expect 8 "a folder that may not be written to" unprivileged "$program" sign \
	--key "$PWD/key/key.pem" "$PWD/readonly/t"
says "a folder that may not be written to: says so" 'Permission denied'
holds "a folder that may not be written to: as it was" \
	cmp readonly/t /bin/true
expect 8 "a file that may not be read" unprivileged "$program" sign \
	--key "$PWD/key/key.pem" "$PWD/unreadable"
chmod 755 readonly

# Mode, owner, extended attributes, times.
for mode in 755 4711 2755 600 444; do
	cp /bin/true m
	chmod $mode m
	sign m >/dev/null
	holds "mode $mode stays" test "$(stat -c %a m)" = $mode
	"$EXECGATE" unsign m >/dev/null
	holds "mode $mode stays after unsign" test "$(stat -c %a m)" = $mode
	rm -f m
done
cat >xattr.py <<'PY'
import os, sys
def names(path):
    return {n: os.getxattr(path, n) for n in os.listxattr(path)}
if sys.argv[1] == "set":
    os.setxattr(sys.argv[2], "user.one", b"1\0\xff")
    os.setxattr(sys.argv[2], "user.large", b"x" * 3000)
    os.setxattr(sys.argv[2], "user.empty", b"")
else:
    print(sorted(names(sys.argv[2]).items()))
PY
cp /bin/true x
holds "extended attributes can be set here" python3 xattr.py set x
python3 xattr.py get x >xattrs
sign x >/dev/null
holds "extended attributes stay" cmp xattrs <(python3 xattr.py get x)
expect 0 "and the signature is good" verify x
touch -d '2001-02-03 04:05:06.789' x
times=$(stat -c '%y' x)
expect 0 "--keep-times" sign --keep-times x
holds "--keep-times: so it is" test "$(stat -c '%y' x)" = "$times"
expect 0 "without --keep-times" sign x
holds "without --keep-times: it is now" test "$(stat -c '%y' x)" != "$times"
if [ "$(id -u)" -eq 0 ]; then
	cp /bin/true o
	chown 1234:2345 o
	chmod 6755 o
	expect 0 "a file of somebody else" sign o
	holds "owner and set-id bits stay" \
		test "$(stat -c %u:%g:%a o)" = 1234:2345:6755
	if setcap cap_net_raw+ep o; then
		expect 0 "a file with capabilities" sign o
		holds "capabilities stay" grep -q cap_net_raw <(getcap o)
		holds "owner stays too" \
			test "$(stat -c %u:%g:%a o)" = 1234:2345:6755
	else
		fail "capabilities can be set here"
	fi
	mkdir theirs
	cp /bin/true theirs/t
	chmod 777 theirs
	expect 8 "a file of root, by somebody else" unprivileged "$program" \
		sign --key "$PWD/key/key.pem" "$PWD/theirs/t"
	says "a file of root, by somebody else: says so" 'cannot keep the owner'
	holds "a file of root, by somebody else: as it was" \
		cmp theirs/t /bin/true
	holds "a file of root, by somebody else: nothing left behind" \
		clean theirs
fi

# Access lists: kept, and none taken over from the folder's default.
cat >acl.py <<'PY'
import os, struct, sys
def acl(perm):
    entries = [(1, 7, -1), (2, perm, 1234), (4, 5, -1), (16, 7, -1), (32, 5, -1)]
    return struct.pack("<I", 2) + b"".join(
        struct.pack("<HHi", *entry) for entry in entries)
if sys.argv[1] == "get":
    names = os.listxattr(sys.argv[2])
    print([(n, os.getxattr(sys.argv[2], n)) for n in sorted(names)])
else:
    os.setxattr(sys.argv[2], "system.posix_acl_" + sys.argv[1],
                acl(int(sys.argv[3])))
PY
mkdir lists
cp /bin/true lists/with
cp /bin/true lists/without
python3 acl.py access lists/with 6
holds "access lists can be set here" python3 acl.py default lists 7
python3 acl.py get lists/with >with
python3 acl.py get lists/without >without
expect 0 "files in a folder with a default access list" sign lists/*
holds "an access list stays" cmp with <(python3 acl.py get lists/with)
holds "no access list comes from the folder" \
	cmp without <(python3 acl.py get lists/without)
holds "the mode stays" test "$(stat -c %a lists/without)" = 755

# Links.
cp /bin/true hard
ln hard other-name
expect 0 "a hard link" sign hard
says "a hard link: warns" 'has 1 other name (hard links)'
holds "a hard link: the other name keeps the old bytes" \
	cmp other-name /bin/true
expect 0 "a hard link: this one is signed" verify hard
mkdir elsewhere
cp /bin/true elsewhere/target
ln -s elsewhere/target link
expect 0 "a symlink" sign link
says "a symlink: says so" "link is a symlink; its target $PWD/elsewhere/target"
holds "a symlink: stays one" test -L link
expect 0 "a symlink: its target is signed" verify elsewhere/target
holds "a symlink: nothing left behind" clean elsewhere
ln -s nowhere dangling
cp /bin/true elsewhere/other
ln -s elsewhere/other outside
before=$(sha256sum <elsewhere/other)
cp /bin/true beside
expect 1 "--no-follow refuses a symlink" sign --no-follow outside
says "--no-follow: says why" 'outside is a symlink and is not followed'
expect 1 "a symlink among several is not followed" sign beside outside
says "a symlink among several: named" 'outside is a symlink and is not followed'
expect 0 "a symlink among several: the others are signed" verify beside
expect 1 "a symlink in a list" sign --from-file <(echo outside)
expect 1 "a symlink, twice" sign outside ./outside
expect 1 "a symlink among those for fs-verity" sign --verity -o v.cat beside outside
says "a symlink among those for fs-verity: named" 'outside is a symlink'
holds "where it leads is as it was" test "$before" = "$(sha256sum <elsewhere/other)"
expect 0 "a symlink to one of the files is left out" sign outside elsewhere/other
prints "a symlink to one of the files: it is signed" 'elsewhere/other: signed'
expect 1 "unsign: a symlink among several" "$EXECGATE" unsign outside beside
expect 1 "unsign --no-follow" "$EXECGATE" unsign --no-follow outside
expect 0 "unsign: where it leads is as it was" verify elsewhere/other
expect 0 "--no-follow takes a file" sign --no-follow elsewhere/other
mkdir -p real && cp /bin/true real/prog && ln -s real folder
expect 0 "--no-follow: folders on the way may be links" sign --no-follow folder/prog
expect 0 "--no-follow: it is signed" verify real/prog
expect 7 "a dangling symlink" sign dangling
ln -s loop loop
expect 1 "a symlink to itself" sign loop

# Holes stay holes.
cp /bin/true sparse
truncate -s 40M sparse
sum=$(sha256sum <sparse)
expect 0 "a sparse file" sign sparse
expect 0 "a sparse file: verifies" verify sparse
holds "a sparse file: stays sparse" test "$(stat -c %b sparse)" -lt 2000
"$EXECGATE" unsign sparse >/dev/null
holds "a sparse file: as it was" test "$(sha256sum <sparse)" = "$sum"

# A program that is running is replaced; it goes on with its old bytes.
cp "$(command -v sleep)" running
./running 30 &
pid=$!
expect 0 "a running program" sign running
expect 0 "a running program: the new file is signed" verify running
holds "a running program: runs on" kill -0 $pid
kill $pid
wait $pid 2>/dev/null

# Somebody else is at the file while it is signed: at the moment when the copy is
# complete, a command of ours is run.
cat >meddle.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>
int fsync(int fd)
{
	int (*next)(int) = dlsym(RTLD_NEXT, "fsync");
	struct stat st;
	int ignored;

	fstat(fd, &st);
	if (!S_ISDIR(st.st_mode))
		ignored = system(getenv("MEDDLE"));
	(void)ignored;
	return next(fd);
}
C
preloaded meddle
# meddle WHAT COMMAND: sign "busy" with COMMAND in between; it is refused.
meddle() {
	cp /bin/true busy
	expect 1 "$1" env ASAN_OPTIONS=verify_asan_link_order=0 MEDDLE="$2" \
		LD_PRELOAD="$PWD/meddle.so" "$EXECGATE" sign \
		--key "$KEYS/rsa/key.pem" busy
	says "$1: says so" 'was changed by somebody else'
	rm -f expected
	cp /bin/true expected
	(unset LD_PRELOAD && eval "${2//busy/expected}")
	holds "$1: the other's bytes stay" cmp busy expected
}
unset LD_PRELOAD
meddle "bytes appended meanwhile" \
	'unset LD_PRELOAD; printf x | dd of=busy bs=1 seek=99999 conv=notrunc 2>&-'
meddle "bytes overwritten meanwhile" \
	'unset LD_PRELOAD; printf x | dd of=busy bs=1 seek=100 conv=notrunc 2>&-'
meddle "replaced meanwhile" \
	'unset LD_PRELOAD; cp -p busy busy.new; mv -f busy.new busy'
holds "nothing is left behind" clean .

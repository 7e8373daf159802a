# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# E. Loaders and interpreters.

no_map='failed to map segment'

loader_copy() { cp "$LOADER" "$U/x" && execgate unsign "$U/x"; }
loader_copy_signed() { cp "$LOADER" "$U/x"; }

# A directory that the loader searches first, with a libc in it.
libc_copy() {
	cp "$LIBC" "$U/libc.so.6" &&
		execgate unsign "$U/libc.so.6"
}

interpreter() { cp "$V/h9" "$U/interpreter"; }
interpreter_signed() { cp "$V/good" "$U/interpreter"; }

# chain DEPTH UNSIGNED: s1 is run by s2, ... sDEPTH by h9; one is not signed
chain() {
	local level
	for ((level = 1; level <= $1; level++)); do
		if ((level == $2)); then
			cp "$V/chain$level-unsigned" "$U/s$level"
		else
			cp "$V/chain$level" "$U/s$level"
		fi || return
	done
	if ((level == $2)); then
		cp "$V/h9" "$U/s$level"
	else
		cp "$V/good" "$U/s$level"
	fi
}

# Technique: T1218
deny 67-loader-direct file=d9 hook=mmap reason=unsigned refused="$no_map" \
	-- "$LOADER" "$U/x"
allow 67-loader-direct-signed file=good-d9 -- "$LOADER" "$U/x"
# Technique: T1574.006
# The library is refused, the signed program runs on without it.
deny 68-preload file=evil.so hook=mmap reason=unsigned evil='evil ran' \
	left=9 refused="$no_map|cannot be preloaded" \
	-- env LD_PRELOAD="$U/x" "$V/good-d9"
allow 68-preload-signed file=good.so says='evil ran' \
	-- env LD_PRELOAD="$U/x" "$V/good-d9"
deny 69-audit-library file=evil.so hook=mmap reason=unsigned evil='evil ran' \
	left=9 refused="$no_map|cannot be loaded" \
	-- env LD_AUDIT="$U/x" "$V/good-d9"
deny 69-library-path prepare=libc_copy hook=mmap reason=unsigned \
	refused="$no_map" target="$U/libc.so.6" \
	-- env LD_LIBRARY_PATH="$U" "$V/good-d9"
# Technique: T1036.003
deny 70-loader-copy prepare=loader_copy reason=unsigned \
	-- "$A" exec "$U/x" "$V/good-d9"
allow 70-loader-copy-signed prepare=loader_copy_signed \
	-- "$A" exec "$U/x" "$V/good-d9"
# Technique: T1218
deny 71-unsigned-program-by-loader-path file=d9 reason=unsigned

# Technique: T1059.004
deny 72-script file=script reason=unsigned
deny 72-script-user file=script reason=unsigned uid=1000 \
	-- "$A" as 1000 "$U/x"
deny 72-script-changed file=changed-script reason=digest-mismatch
deny 72-script-appended file=appended-script reason=unsigned
allow 72-script-signed file=good-script
# Technique: T1059
deny 73-interpreter file=other-interpreter prepare=interpreter \
	reason=unsigned target="$U/interpreter"
allow 73-interpreter-signed file=other-interpreter \
	prepare=interpreter_signed

chain_signed() { chain 5 0; }
chain_too_deep() { chain 6 0; }
allow 74-five-levels prepare=chain_signed -- "$A" exec "$U/s1"
allow 74-six-levels prepare=chain_too_deep works=3 says=ELOOP \
	-- "$A" exec "$U/s1"
for level in 1 2 3 4 5 6; do
	eval "chain_$level() { chain 5 $level; }"
	deny "74-level-$level" prepare="chain_$level" reason=unsigned \
		target="$U/s$level" -- "$A" exec "$U/s1"
done

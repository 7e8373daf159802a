# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# "execgate metrics": read by Prometheus' own parser, of a machine without the module and
# of one that tests/fleet/made.c makes up. $EXECGATE and $TOP are of tests/fleet/run.

# Modules of Debian's packages are for its own interpreter.
parsed() { /usr/bin/python3 "$TOP/tests/fleet/metrics.py" "$@"; }

"$MADE" metrics >full
a=$(printf 'a0%.0s' {1..32})
b=$(printf 'a1%.0s' {1..32})
holds "a full machine: the parser reads it" parsed full
holds "a full machine: mode and gates" parsed full 'execgate_enforcing=1' \
	'execgate_mode{mode="enforce"}=1' 'execgate_mode{mode="audit"}=0' \
	'execgate_state{state="gating"}=1' 'execgate_profile{profile="standard"}=1' \
	'execgate_gate{gate="exec"}=1' 'execgate_gate{gate="terminal"}=0' 'execgate_locked=1' \
	'execgate_configured_mode{mode="enforce"}=1' 'execgate_daemon_running=1' \
	'execgate_failed_boots=1' 'execgate_boot_fell_back=0'
holds "a full machine: counters" parsed full 'execgate_denials_total{reason="unsigned"}=40' \
	'execgate_denials_total{reason="wrong-path"}=0' 'execgate_denied_total=41' \
	'execgate_hook_calls_total{hook="exec"}=1001' 'execgate_hashed_bytes_total=1099511627776' \
	'execgate_catalog_digests=100000' 'execgate_keys=3'
holds "a full machine: ends of keys, as seconds since 1970" parsed full \
	"execgate_key_expiry_timestamp_seconds{fingerprint=\"$a\"}=1830560000" \
	"execgate_key_expiry_timestamp_seconds{fingerprint=\"$b\"}=1796432000" \
	"execgate_key_info{fingerprint=\"$a\",subject=\"CN=Release key\",purposes=\"files,catalogs,kernel\"}=1"
holds "a key without an end has no time of it" \
	test "$(grep -c '^execgate_key_expiry_timestamp_seconds{' full)" -eq 2
holds "a full machine: catalogs" parsed full \
	'execgate_catalog_sequence{catalog="debian"}=12' \
	'execgate_catalog_created_timestamp_seconds{catalog="debian"}=1795913600' \
	"execgate_catalog_info{catalog=\"debian\",fingerprint=\"$a\"}=1"
holds "a full machine: policy and the last denial" parsed full \
	'execgate_policy_version{name="fleet"}=7' \
	'execgate_last_denial_timestamp_seconds{reason="unsigned"}=1796000000'
holds "every reason is there, also at 0" cmp \
	<("$EXECGATE" help why | sed -n '/^Reasons:/,$s/^    \([a-z-]*\): .*/\1/p' | grep -vx allowed) \
	<(sed -n 's/^execgate_denials_total{reason="\(.*\)"}.*/\1/p' full)
holds "a hostile name stays one label, escaped" grep -qF \
	'subject="</script><script>alert(1)</script>\\x22\\x5c\\x0a\\x1b[2J\\xe2\\x80\\xaegnp.exe\\xff"' full
holds "a hostile name makes no line" sh -c '! grep -vE "^(#|execgate_)" full'

# The parser that is trusted here would tell.
{ cat full && echo 'execgate_extra_total{reason="x} 1'; } >broken
holds "a broken line is told of" sh -c '! /usr/bin/python3 "$1" broken' sh "$TOP/tests/fleet/metrics.py"
holds "a number that is not there is told of" sh -c '! /usr/bin/python3 "$1" full execgate_keys=4' sh \
	"$TOP/tests/fleet/metrics.py"

# This machine.
expect 0 "without the module: no failure" "$EXECGATE" metrics
cp out here
holds "without the module: the parser reads it" parsed here
loaded=0
[ ! -e /sys/module/execgate ] || loaded=1
version=$(sed -n 's/^#define EXECGATE_VERSION "\(.*\)"$/\1/p' "$TOP/kernel/version.h")
holds "whether the module is loaded" parsed here "execgate_module_loaded=$loaded" \
	"execgate_build_info{version=\"$version\"}=1"
expect 0 "to a file" "$EXECGATE" metrics -o here.prom
holds "to a file: the parser reads it" parsed here.prom
holds "to a file: for others to read" test "$(stat -c %a here.prom)" = 644
first=$(stat -c %i here.prom)
expect 0 "to a file again" "$EXECGATE" metrics --output here.prom
holds "the file is another one, not written into" test "$(stat -c %i here.prom)" != "$first"
holds "nothing is left beside it" clean .
expect 0 "--json" "$EXECGATE" metrics --json
json "--json has the same" '[.metrics[].name] | index("execgate_module_loaded") != null'
expect 0 "--json of a file" "$EXECGATE" metrics --json -o here.prom
json "--json names the file" '.file == "here.prom"'
expect 2 "an argument" "$EXECGATE" metrics now
expect 7 "a folder that is not there" "$EXECGATE" metrics -o nowhere/here.prom
says "a folder that is not there: says so" "cannot write nowhere/here.prom"

# The command is not where it is installed to.
for unit in execgate-metrics.{service,timer}; do
	sed "s|/usr/bin/execgate|$EXECGATE|" "$TOP/userspace/systemd/$unit" >"$unit"
done
holds "the units are well formed" systemd-analyze verify --recursive-errors=no --man=no \
	"$PWD"/execgate-metrics.{service,timer}

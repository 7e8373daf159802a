# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# sign --follow: what scripts import is shown, asked about, and signed with them. No key is
# enrolled in the folder that is named, but the key that signs.

mkdir trusted nobody none
cp "$KEYS/rsa/cert.pem" trusted/
follow() { sign --follow --keys-dir "$PWD/nobody" --catalogs-dir "$PWD/none" "$@"; }
# listed FILE...: exactly these were proposed
listed() {
	jq -r '.follow.proposed[].file' out | sort >got
	printf '%s\n' "${@/#/$PWD/}" | sort >wanted
	cmp -s got wanted
}
unsigned() { ! grep -q 'BEGIN EXECGATE' "$@"; }
# yes CODE WHAT FILE...: signed, if nothing but files of this case would be: root may write
# to all of the distribution
yes() {
	local code=$1 what=$2
	shift 2
	"$EXECGATE" --json sign --key "$KEYS/rsa/key.pem" --follow --keys-dir "$PWD/nobody" \
		--catalogs-dir "$PWD/none" "$@" >out 2>/dev/null </dev/null
	if jq -e '[.follow.proposed[].file] | all(startswith("'"$PWD"'/"))' out >/dev/null; then
		expect "$code" "$what" follow --json --yes "$@"
	else
		fail "$what: it would sign what is not of this case"
	fi
}
# own CODE WHAT FILE...: of a shell script, where the distribution adds nothing
own() {
	local code=$1 what=$2
	shift 2
	expect "$code" "$what" follow --json "$@"
}

# A shell: what is literal, however it is quoted and wherever a command may stand.
mkdir lib
for name in plain quoted 'with blank' nested subst back deep own; do
	echo "echo $name" >"lib/$name.sh"
done
printf 'echo newline\n' >'lib/new
line.sh'
cat >shell.sh <<'END'
#!/bin/sh
# . lib/comment.sh
. lib/plain.sh
echo . lib/argument.sh source lib/argument.sh '
. lib/string.sh
' ". lib/string.sh"
if [ -r x ]; then source "lib/quoted.sh"; fi
A=b . 'lib/with blank.sh' && true || . lib/missing.sh
cat <<HERE; cat <<-'TWO'
. lib/here.sh
HERE
	. lib/here.sh
	TWO
case $1 in
. | x) . "$HERE/lib.sh" ;;
(*) value=$(. lib/subst.sh) other=`. lib/back.sh` ;;
esac
f() { . ./lib/deep.sh; }
list=(. lib/array.sh)
number=$((1 << 2))
. lib/n*.sh
. "lib/new
line.sh"
END
cat >>lib/plain.sh <<'END'
. lib/nested.sh
END
cat >>lib/nested.sh <<'END'
. lib/plain.sh
. ./shell.sh
. own.sh
END
cp lib/own.sh own.sh
own 2 "without a yes nothing is signed" shell.sh
holds "so it is" unsigned shell.sh lib/*.sh
json "and nothing is said to be" '.signed == 0 and .files == []'
says "what says yes" '--yes'
own 0 "yes" --yes shell.sh
json "all literal names, those of what is sourced too, each once" \
	'[.follow.proposed[].file] | length == 9 and (map(select(endswith("/lib/new\nline.sh"))) | length == 1)'
json "nothing of what is none" \
	'[.follow.proposed[].file, .follow.not_followed[].name] | map(select(test("comment|argument|string|here.sh|array"))) == []'
json "from which" '.follow.proposed[] | select(.file | endswith("/nested.sh")).from | endswith("/lib/plain.sh")'
json "names that are made, and not there" \
	'[.follow.not_followed[] | [.name, .why]] == [["lib/missing.sh", "not found"], ["\"$HERE/lib.sh\"", "not literal"], ["lib/n*.sh", "not literal"]]'
json "all are signed" '.signed == 10 and .failed == 0'
for name in plain quoted 'with blank' nested subst back deep 'new
line'; do
	expect 0 "lib/$name.sh verifies" verify "lib/$name.sh"
done
holds "it is armor" grep -qx '# -----BEGIN EXECGATE SIGNATURE-----' lib/plain.sh
holds "and the shell runs what it ran" sh -n lib/plain.sh
expect 0 "a trusted signature vouches" sign --follow --yes --json --keys-dir "$PWD/trusted" \
	--catalogs-dir "$PWD/none" shell.sh
json "nothing is proposed twice" '.follow.proposed == [] and .follow.left_out == 9'
expect 0 "a name with a newline" follow shell.sh --yes
prints "is one line" 'lib/new\x0aline.sh'

mkdir elsewhere
printf '#!/bin/sh\n. ./beside.sh\n' >elsewhere/main.sh
echo true >elsewhere/beside.sh
own 2 "a relative name is of the script's folder, if not of this one" elsewhere/main.sh
holds "so it is" listed elsewhere/beside.sh
ln -s elsewhere/main.sh link.sh
own 2 "through a link too" link.sh
holds "so it is" listed elsewhere/beside.sh
printf '#!/bin/sh\n. ./lib\n. /dev/null\n. ./fifo\n' >odd.sh
mkfifo fifo
own 1 "only files can be signed" --yes odd.sh
json "the script is signed" '.signed == 1 and .failed == 3'
printf '#!/bin/sh\n%s. x' "$(printf '$(%.0s' {1..200})" >nesting.sh
own 0 "a script that is nested too deeply" --yes --armor nesting.sh
json "says so" '.follow.not_followed[0].why == "nested too deeply"'

# A catalog: it vouches for the bytes, wherever they are.
printf '#!/bin/sh\necho listed\n' >listed.sh
printf '#!/bin/sh\n. ./listed.sh\n' >uses.sh
own 2 "not listed yet" uses.sh
holds "is proposed" listed listed.sh
mkdir catalogs
expect 0 "a catalog" "$EXECGATE" catalog build --name x --from-file <(echo "$PWD/listed.sh") \
	--no-cache --sign --key "$KEYS/rsa/key.pem" -o catalogs/x.cat
expect 0 "listed by a trusted key" sign --follow --yes --json --keys-dir "$PWD/trusted" \
	--catalogs-dir "$PWD/catalogs" uses.sh
json "is left out" '.follow.proposed == [] and .follow.left_out == 1'
own 2 "listed by a stranger" uses.sh
holds "is proposed" listed listed.sh

# Python: no code of the script runs, and there are circles.
mkdir -p package/sub
echo 'open("ran", "w")' | tee package/__init__.py >circle.py
echo 'import circle, package.sub.none' >package/sub/__init__.py
echo 'import app, package' >>circle.py
cat >app.py <<'END'
#!/usr/bin/env python3
import circle, os
from package.sub import name
import no_such_module
open("ran", "w")
END
own 2 "a python script" app.py
json "its modules, and nothing of the distribution's" '[.follow.proposed[].file] | length == 3 and
	all(startswith("'"$PWD"'"))'
json "which is told of by package" '.follow.packaged | map(select(.package | startswith("libpython"))) | length > 0'
json "what is not there" '[.follow.not_followed[].name] | index("no_such_module") != null'
# What follows says yes: never for files of the distribution, which root may write to.
! grep -q "^not ok $CASE: its modules" "$RESULTS" || return 0
holds "none of it ran" test ! -e ran
holds "nor was it changed" unsigned app.py circle.py package/__init__.py
yes 0 "yes" app.py
holds "none of it ran then" test ! -e ran
expect 0 "a module verifies" verify package/sub/__init__.py
prints "as a script" 'script'
echo 'import this is wrong' >wrong.py
expect 1 "one that is not Python" follow --yes --class script --armor wrong.py
says "says so" 'cannot tell the imports of'
holds "and stays as it is" unsigned wrong.py
printf '#!/usr/bin/python3\nimport hidden\n' >reads.py
printf '#!/bin/sh\n. ./hidden.py\n' >reads.sh
echo 'x=1' >hidden.py
chmod 000 hidden.py
# Root reads everything, but for this.
bare() {
	[ "$(id -u)" -ne 0 ] || set -- setpriv --bounding-set=-dac_override,-dac_read_search "$@"
	"$@"
}
reads() {
	bare "$EXECGATE" sign --key "$KEYS/rsa/key.pem" --follow --json --keys-dir "$PWD/nobody" \
		--catalogs-dir "$PWD/none" "$@"
}
expect 0 "a module that may not be read" reads --yes reads.py
json "is told of" '[.follow.not_followed[].name] | index("hidden") != null'
expect 8 "a source that may not be read" reads --yes reads.sh
json "is told of" '.follow.not_followed[0].why == "cannot be read" and .failed == 1'

# Perl runs BEGIN blocks, so it is asked before that.
mkdir perl
cat >perl/Mine.pm <<'END'
package Mine;
BEGIN { open my $f, '>', 'ran'; print "noise\n"; }
1;
END
cat >main.pl <<'END'
#!/usr/bin/perl -T
use lib 'perl';
use Mine;
$undeclared = 1;
open my $f, '>', 'main-ran';
END
expect 2 "perl is asked about" follow main.pl
says "there is nobody to ask" 'no terminal'
holds "its BEGIN blocks did not run" test ! -e ran
own 0 "yes" --yes main.pl
json "the module is proposed" '[.follow.proposed[].file] | index("'"$PWD"'/perl/Mine.pm") != null'
holds "its BEGIN block ran" test -e ran
holds "and nothing else" test ! -e main-ran
expect 0 "the module verifies" verify perl/Mine.pm
printf '#!/usr/bin/perl\nuse No::Such;\n' >lost.pl
expect 1 "a module that is not there" follow --yes lost.pl
says "is told of" "Can't locate No/Such.pm"
holds "and nothing is signed" unsigned lost.pl

# At a terminal.
printf '#!/bin/sh\n. ./asked.sh\n' >asks.sh
echo true >asked.sh
at_terminal() { script -qec "$EXECGATE sign --key $KEYS/rsa/key.pem --follow --keys-dir $PWD/nobody --catalogs-dir $PWD/none $1" /dev/null; }
echo n | at_terminal asks.sh >out 2>&1
holds "no: exits with 1" test $? -eq 1
prints "no: shows the file" "$PWD/asked.sh"
prints "no: asks" 'Sign 1 imported file, too? [y/N]'
holds "no: nothing is signed" unsigned asks.sh asked.sh
echo y | at_terminal asks.sh >out 2>&1
holds "yes: exits with 0" test $? -eq 0
expect 0 "yes: both verify" verify asks.sh asked.sh

expect 2 "nothing to write to" follow --verity shell.sh
cp /bin/true program
expect 0 "a program imports nothing" follow program
says "and it is said" 'nothing to follow'
holds "nothing is left behind" clean .

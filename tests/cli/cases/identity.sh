# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Lists of programs: what is in them, what is wrong with them, and whose rules they are.

here=$(pwd -P)
mkdir -p bin shipped own dpkg/info dpkg/updates keys.d
printf '#!/bin/sh\necho hello\n' >bin/tool
chmod 755 bin bin/tool
cp bin/tool bin/other
: >dpkg/status

identity() {
	local command=$1
	shift
	"$EXECGATE" identity "$command" --identities "$here/shipped" --own "$here/own" \
		--admindir "$here/dpkg" "$@"
}
list() { printf '%s\n' "$@" >own/own.conf; }

# --- list
list '[tool]' "path = $here/bin/tool" "rule = path $here/bin/*" 'rule = hardened' \
	'class = may-jit' 'why = it is one'
expect 0 "listed" identity list
prints "whose it is" 'own.conf [tool]'
prints "where it is" "Path:           $here/bin/tool"
prints "its class" 'Class:          may-jit'
prints "its rules" "Rule:           path $here/bin/*"
prints "its other rule" 'Rule:           hardened'
prints "why" 'Why:            it is one'
expect 0 "listed as JSON" identity list --json
json "one" '.identities | length == 1'
json "its rules in order" \
	".identities[0].rules == [\"path $here/bin/*\", \"hardened\"]"
json "where from" ".identities[0].source == \"$here/own/own.conf\""
list 'nonsense'
expect 1 "what is no list" identity list
says "it says where" 'own.conf:1:'

# --- lint
list '[tool]' "path = $here/bin/tool" "rule = path $here/bin/*"
expect 0 "nothing to find" identity lint
prints "it says so" 'each rule of what is installed matches a file'
list '[tool]' "path = $here/bin/tool" "rule = path $here/bin/tool" \
	"rule = path $here/lib/*"
expect 7 "a rule for nothing" identity lint
prints "it names it" "own.conf [tool]: path $here/lib/*: it matches no file"
list '[tool]' "path = $here/bin/tool" "rule = path $here/bin/other"
expect 7 "one that refuses its own" identity lint
prints "it names the file" "$here/bin/tool: its own path rule refuses it"
list '[tool]' "path = $here/bin/tool" "rule = report path $here/bin/other"
expect 7 "one that reports its own" identity lint --json
json "it names the file" ".problems[0].about == \"$here/bin/tool\""
json "and says what" '.problems[0].problem == "its own path rule reports it"'
ln -s tool bin/link
list '[tool]' "path = $here/bin/link" "rule = path $here/bin/link"
expect 7 "by the name of a link" identity lint
prints "it names what it leads to" "$here/bin/tool: its own path rule refuses it"
list '[tool]' "path = $here/none" 'rule = hardened'
expect 7 "no such program" identity lint
prints "it says so" "$here/none: no file is at any of its paths"
list '[tool]' 'package = other' "path = $here/none" 'rule = hardened'
expect 0 "of a package that is not installed" identity lint
list '[tool]' "path = $here/bin/tool" "path = $here/none" \
	"rule = path $here/bin/tool" "rule = path $here/none"
expect 0 "one of several programs is not installed" identity lint
mkdir -m 777 open
cp bin/tool open/tool
list '[tool]' "path = $here/open/tool" "rule = path $here/open/**"
expect 7 "a folder that all may write to" identity lint
prints "it says so" "others than root may write to its folder"

# --- sign, and show
list '[all]' "path = $here/bin/*" "rule = report path $here/bin/*"
cp own/own.conf shipped/test.conf
: >own/own.conf
expect 0 "signed" sign --identities "$here/shipped" bin/tool
expect 0 "it verifies" verify bin/tool
prints "with the list's rule" "Rule:           report path $here/bin/*"
expect 0 "signed with one more" sign --identities "$here/shipped" --rule hardened \
	bin/tool
expect 0 "it verifies" verify --json bin/tool
json "both" ".files[0].rules == [\"report path $here/bin/*\", \"hardened\"]"
expect 0 "signed by no list" sign --no-identities bin/other
expect 0 "it verifies" verify --json bin/other
json "without" '.files[0].rules == []'
cp "$KEYS/rsa/cert.pem" keys.d/
show() { identity show --keys-dir "$here/keys.d" --catalogs-dir "$here/none" "$@"; }
expect 0 "shown" show bin/tool
prints "its file" "$here/bin/tool"
prints "its signature" 'Signature:      tool, version 0'
prints "its rule, that holds" "Rule:           report path $here/bin/* (holds: it is there)"
prints "and the other" 'Rule:           hardened (holds: variables that load code into it do nothing)'
prints "its list" 'List:           test.conf [all]'
mkdir elsewhere
cp -p bin/tool elsewhere/tool
expect 0 "a copy somewhere else" show --json elsewhere/tool
json "where the rule does not hold" '.files[0].statements[0].judged[0] | .holds == false and
	.text == "does not hold, and is reported: it is not there"'
json "but the other does" '.files[0].statements[0].judged[1].holds'
ln bin/tool elsewhere/hard
expect 0 "by a hard link in another place" show --json elsewhere/hard
json "by the name that was asked" '.files[0].statements[0].judged[0].holds == false'
expect 0 "shown by a link" show --json bin/link
json "which file" ".files[0].file == \"$here/bin/tool\""
json "from where" '[.files[0].statements[].from] == ["Signature", "List"]'
json "the signed rules" \
	".files[0].statements[0].rules == [\"report path $here/bin/*\", \"hardened\"]"
rm shipped/test.conf
expect 7 "one without rules" show bin/other
prints "it says so" 'Rule:           none'
expect 7 "a process" show "$$"
prints "its program" '/bash'
expect 7 "no file" show bin/none
mkdir catalogs
"$EXECGATE" unsign bin/other >/dev/null
"$EXECGATE" catalog build --name rules --sequence 1 --no-cache --no-classes \
	--rule "path $here/bin/other" --identity org.example/other --version 3 \
	--key "$KEYS/rsa/key.pem" --cert "$KEYS/rsa/cert.pem" --sign \
	-o catalogs/rules.cat "$here/bin/other" >/dev/null
expect 0 "one of a catalog" identity show --keys-dir "$here/keys.d" \
	--catalogs-dir "$here/catalogs" bin/other
prints "which one, and who" 'Catalog:        rules: org.example/other, version 3'
prints "its rule" "Rule:           path $here/bin/other"
expect 7 "whose signer is not trusted" identity show --keys-dir "$here/none" \
	--catalogs-dir "$here/catalogs" bin/other

"$EXECGATE" catalog build --name rules --sequence 2 --no-cache --no-classes \
	--rule "path $here/lib/**" --rule "path $here/bin/o?her" --rule "report path $here/none/x" \
	--rule 'version 3' --rule 'libraries own' --rule 'report starts none' \
	--rule 'reads name *.sh' --rule 'inline -c:' --identity org.example/other --version 3 \
	--key "$KEYS/rsa/key.pem" --cert "$KEYS/rsa/cert.pem" --sign \
	-o catalogs/rules.cat "$here/bin/other" >/dev/null
expect 0 "one of all kinds" identity show --json --keys-dir "$here/keys.d" \
	--catalogs-dir "$here/catalogs" bin/other
said() {
	json "$1" "[.files[0].statements[0].judged[] | select(.rule == \"$2\")] |
		length == 1 and .[0].holds == $3 and (.[0].text | contains(\"$4\"))"
}
said "a version" 'version 3' true 'not lower'
said "an alternative" "path $here/lib/**" true 'where another one allows it'
said "that holds" "path $here/bin/o?her" true 'it is there'
said "a report" "report path $here/none/x" false 'is reported'
said "libraries" 'libraries own' null 'that it maps executable'
said "starts" 'report starts none' null 'that it executes'
said "reads" 'reads name *.sh' null 'that it opens to read'
said "inline" 'inline -c:' null 'arguments'

expect 2 "no file" identity show
expect 2 "one word too many" identity list bin/tool
expect 2 "no such option" identity lint --wrong

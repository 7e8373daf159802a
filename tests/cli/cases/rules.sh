# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Rules of an identity: what may be said, what is signed, what is shown; and versions
# that are revoked without a module.

printf '#!/bin/sh\necho hello\n' >tool
chmod 755 tool

# --- a file's own signature
expect 0 "signed with rules" sign --identity org.example/tool --version 7 \
	--rule hardened --rule 'report path /usr/bin/*' --rule 'version 5' tool
expect 0 "it verifies" verify tool
prints "the first rule" 'Rule:           version 5'
prints "the second" 'Rule:           report path /usr/bin/*'
prints "the last, whatever order they came in" 'Rule:           hardened'
expect 0 "it verifies as JSON" verify --json tool
json "the rules are in it" \
	'.files[0].rules == ["version 5", "report path /usr/bin/*", "hardened"]'
"$EXECGATE" unsign tool
expect 0 "signed without" sign tool
expect 0 "it verifies" verify --json tool
json "no rules" '.files[0].rules == []'

# --- the same, in two halves
"$EXECGATE" unsign tool
expect 0 "a manifest" "$EXECGATE" manifest --json -o m --rule hardened tool
json "it says so" '.rules == ["hardened"]'
openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
	-signer "$KEYS/rsa/cert.pem" -inkey "$KEYS/rsa/key.pem" -in m -out message
expect 0 "attached" "$EXECGATE" attach --json --cms message tool
json "the message's rules" '.rules == ["hardened"]'
expect 0 "it verifies" verify tool
prints "with its rule" 'hardened'

# --- rules of the process that runs it
"$EXECGATE" unsign tool
signer=$(printf 'ab%.0s' {1..32})
expect 0 "signed with rules of a process" sign --rule 'starts none' \
	--rule 'libraries own' --rule "libraries signer $signer" \
	--rule 'libraries identity org.example/*' tool
expect 0 "it verifies as JSON" verify --json tool
json "kinds ascend, and alternatives" \
	".files[0].rules == [\"libraries identity org.example/*\", \"libraries own\", \"libraries signer $signer\", \"starts none\"]"
expect 2 "two strengths" sign --rule 'libraries own' --rule 'report libraries none' tool
says "it says so" 'in one strength'
expect 2 "none, and another" sign --rule 'starts none' --rule 'starts own' tool
says "it says so" 'nothing beside none'

# --- what is no rule
for rule in '' harden 'hardened yes' 'report hardened' 'version' 'version 0' \
	'version seven' 'path usr' 'path /usr/../x' 'path /usr/[ab]' libraries \
	'libraries all' 'libraries own ' 'libraries signer AB' starts 'starts identity' \
	'starts identity a**' 'starts /bin/sh'; do
	expect 2 "no rule: $rule" sign --version 9 --rule "$rule" tool
	says "it says what are" 'is not a rule; rules are'
done
expect 2 "twice" sign --version 9 --rule 'version 5' --rule 'version 6' tool
says "it says so" 'one too many'
expect 2 "above its own version" sign --version 4 --rule 'version 5' tool
says "it says so" 'name a version above its own'

# --- a catalog
"$EXECGATE" unsign tool
catalog() { "$EXECGATE" catalog build --name rules --sequence 1 --no-cache "$@"; }
expect 0 "a catalog with rules" catalog --identity org.example/tool --version 7 \
	--rule hardened --rule 'version 7' -o a.manifest tool
expect 0 "it is shown" "$EXECGATE" catalog show --entries a.manifest
prints "the first rule" 'rule version 7'
prints "the second" 'rule hardened'
expect 0 "one without" catalog --identity org.example/tool --version 7 \
	-o b.manifest tool
expect 0 "the difference" "$EXECGATE" catalog diff a.manifest b.manifest
prints "is of rules" '0 removed, 0 added, 1 changed, 0 the same'
expect 0 "none to itself" "$EXECGATE" catalog diff a.manifest a.manifest
prints "is none" '0 removed, 0 added, 0 changed, 1 the same'
expect 2 "above its own version" catalog --rule 'version 5' -o c.manifest tool
says "it says so" 'name a version above its own'

# --- by a list of programs
mkdir identities.d
printf '[tool]\npath = %s/tool\nrule = hardened\n' "$PWD" >identities.d/own.conf
expect 0 "a list says so" catalog --identities identities.d -o d.manifest "$PWD/tool"
prints "it is told" '1 file has rules of execgate-identities(5)'
expect 0 "it is shown" "$EXECGATE" catalog show --entries d.manifest
prints "with its rule" 'rule hardened'
expect 0 "unless it is not asked" catalog --identities identities.d --no-classes \
	-o e.manifest "$PWD/tool"
expect 0 "it is shown" "$EXECGATE" catalog show --entries e.manifest
holds "without" test -z "$(grep 'rule hardened' out)"
printf '[tool]\npath = %s/tool\nrule = starts identity a\nrule = starts identity b\n' \
	"$PWD" >identities.d/own.conf
expect 0 "a list says several" catalog --identities identities.d -o g.manifest "$PWD/tool"
expect 0 "they are shown" "$EXECGATE" catalog show --entries g.manifest
prints "one" 'rule starts identity a'
prints "and the other" 'rule starts identity b'
printf '[tool]\npath = /tool\nrule = version 7\n' >identities.d/own.conf
expect 1 "what is not enforced is not said" catalog --identities identities.d \
	-o f.manifest "$PWD/tool"
says "it says where" 'own.conf:3: rule is "hardened", "libraries ...", "starts ...", "reads ...", "inline ..." or "path /ABSOLUTE", not "version 7"'

# --- versions, from the next boot on
revoke() { "$EXECGATE" revoke version --revoked revoked "$@"; }
expect 0 "a version is revoked" revoke org.example/tool 7
prints "from the next boot on" 'version of org.example/tool below 7, from the next boot on'
holds "it is kept" grep -qx 'version 7 org.example/tool' revoked
expect 0 "a lower one" revoke org.example/tool 3
holds "changes nothing" grep -qx 'version 7 org.example/tool' revoked
expect 0 "a higher one" revoke org.example/tool 18446744073709551615
holds "takes its place" grep -qx 'version 18446744073709551615 org.example/tool' revoked
expect 0 "taken back" revoke --undo org.example/tool
holds "it is gone" test -z "$(grep version revoked)"
expect 7 "once" revoke --undo org.example/tool
expect 2 "no version" revoke org.example/tool seven
expect 2 "no name" revoke '' 7

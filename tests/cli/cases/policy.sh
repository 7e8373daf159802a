# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Signed policies: made, signed here or by openssl, shown, kept. What the kernel
# says to them is tested in a guest.

mkdir -p conf/execgate.conf.d trust keep
cp "$KEYS/rsa/cert.pem" trust/cert.policy.pem
printf '[gate]\nmode = enforce\nprofile = strict\ninject = off\n' \
	>conf/execgate.conf
here=(--config conf)
key=(--key "$KEYS/rsa/key.pem" --cert "$KEYS/rsa/cert.pem")
trusted=(--cert "$KEYS/rsa/cert.pem")

make() { "$EXECGATE" policy make "${here[@]}" "$@"; }
load() {
	"$EXECGATE" policy load --no-load --keys-dir trust --policy keep/policy \
		--versions keep/version "$@"
}

expect 0 'a policy of the configuration' make --version 5 --name web -o web.object
prints 'says what' 'web.object: policy web, version 5: mode enforce, profile strict -inject'
says 'is not signed' '"execgate policy sign"'
expect 0 'is signed' "$EXECGATE" policy sign "${key[@]}" -o web.policy web.object
prints 'and says so' 'version 5, signed: mode enforce, profile strict -inject'
expect 0 'is shown' "$EXECGATE" policy show "${trusted[@]}" web.policy
prints 'its name' '  Name:           web'
prints 'its profile' 'strict -inject'
prints 'that it is believed' 'good'
expect 0 'is shown as JSON' "$EXECGATE" policy show --json "${trusted[@]}" web.policy
json 'with all of it' '.name == "web" and .version == 5 and .mode == "enforce"
	and .profile == "strict" and .deviations == ["-inject"]
	and .gates.inject == false and .gates.exec and .signed and .good
	and (.signer | length) == 64'

expect 0 'options are stronger' make --mode audit --gate inject=on \
	--gate seal=off --version 6 --sign "${key[@]}" -o six.policy
prints 'gate by gate' 'mode audit, profile strict -seal'
expect 0 'a profile is all of it' make --profile basic --gate seal=on \
	--version 7 --sign "${key[@]}" --json -o seven.policy
json 'without the other gates' '.profile == "basic" and .deviations == ["+seal"]
	and .signed and .file == "seven.policy"'
expect 0 'without a version' env SOURCE_DATE_EPOCH=1790000000 \
	"$EXECGATE" policy make "${here[@]}" --sign "${key[@]}"
prints 'it is the time' 'local.policy: policy local, version 1790000000, signed'
expect 0 'the same again' env SOURCE_DATE_EPOCH=1790000000 \
	"$EXECGATE" policy make "${here[@]}" -o one.object
expect 0 'and again' env SOURCE_DATE_EPOCH=1790000000 \
	"$EXECGATE" policy make "${here[@]}" -o two.object
holds 'is the same bytes' cmp one.object two.object
openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
	-inkey "$KEYS/rsa/key.pem" -signer "$KEYS/rsa/cert.pem" -in web.object \
	-out openssl.policy
expect 0 'one that openssl signed' "$EXECGATE" policy show "${trusted[@]}" \
	openssl.policy

expect 0 'floors, in any order' make --version 8 --mode audit --floor 'org.example/sudo 7' \
	--floor 'a  1' --floor 'two words 18446744073709551615' --sign "${key[@]}" -o floors.policy
prints 'says how many' 'mode audit, profile strict -inject, 3 floors'
expect 0 'are shown' "$EXECGATE" policy show "${trusted[@]}" floors.policy
prints 'each of them' '  Floor:          org.example/sudo: from version 7 on'
prints 'with its blanks' '  Floor:          two words: from version 18446744073709551615 on'
expect 0 'are shown as JSON' "$EXECGATE" policy show --json "${trusted[@]}" floors.policy
json 'a shorter name first' '[.floors[].identity] == ["a", "two words", "org.example/sudo"]
	and .floors[2].below == 7'
expect 0 'in another order' make --version 8 --mode audit --floor 'a 1' \
	--floor 'two words 18446744073709551615' --floor 'org.example/sudo 7' -o floors.object
openssl cms -verify -inform DER -noverify -certfile "$KEYS/rsa/cert.pem" -binary \
	-in floors.policy -out signed.object 2>/dev/null
holds 'they are the same' cmp -i 32 floors.object signed.object
expect 2 'a floor twice' make --floor 'a 1' --floor 'a 2'
says 'says so' 'the floor "a 2" is one too many'
for wrong in a 'a 0' 'a -1' ' a 1' 'a b' ' 1' 'a 18446744073709551616' ''; do
	expect 2 "no floor: $wrong" make --floor "$wrong"
done
expect 2 'a name of two lines' make --floor $'a\nb 1'
many=()
for ((i = 0; i < 316; i++)); do many+=(--floor "$((1000 + i)) 1"); done
expect 2 'more floors than fit' make "${many[@]}"
says 'says how many bytes' '4096'
expect 0 'as many as fit' make "${many[@]:0:630}" --version 9 --sign "${key[@]}" -o many.policy
expect 0 'are shown' "$EXECGATE" policy show --json "${trusted[@]}" many.policy
json 'all of them' '.floors | length == 315'

expect 0 'users that are constrained, in any order' make --version 9 --mode audit --constrain nobody \
	--constrain 33 --constrain 4294967294 --constrain 33 --floor 'a 1' --sign "${key[@]}" -o users.policy
expect 0 'are shown' "$EXECGATE" policy show "${trusted[@]}" users.policy
prints 'by number and name' '  Constrained:    user 65534 (nobody)'
expect 0 'are shown as JSON' "$EXECGATE" policy show --json "${trusted[@]}" users.policy
json 'ascending, each once' '.users == [33, 65534, 4294967294] and (.floors | length == 1)'
expect 2 'root' make --constrain root
expect 2 'a unit' make --constrain x.service
says 'is told how' 'execgate-constrain(1)'
expect 7 'no such user' make --constrain no.such.user
many=()
for ((i = 0; i < 129; i++)); do many+=(--constrain "$((1000 + i))"); done
expect 2 'more users than fit' make "${many[@]}"
says 'says how many' '128'
expect 0 'as many as fit' make "${many[@]:0:256}" --mode audit --version 9 -o many.object
expect 2 'no such mode' make --mode lock
says 'names the modes' 'modes are off, audit, enforce'
expect 2 'no such profile' make --profile paranoid
expect 2 'no such gate' make --gate door=on
says 'shows how' 'as seal=on'
expect 2 'a gate neither on nor off' make --gate seal
expect 2 'version 0' make --version 0
says 'from 1 on' 'takes a number from 1 on'
expect 2 'a name for a path' make --name ../x
says 'what a name is' '1 to 64 letters'
expect 2 'a key for nothing' make "${key[@]}"
expect 2 'one word too many' make enforce
printf '[gate]\n' >keep/execgate.conf
expect 2 'a mode is needed' "$EXECGATE" policy make --config keep -o no.object
says 'says from where' '--mode'
holds 'and nothing is written' test ! -e no.object
printf '[gate]\nmode = nonsense\n' >keep/execgate.conf
expect 1 'a broken configuration' "$EXECGATE" policy make --config keep
rm keep/execgate.conf
expect 2 'sign to nowhere' "$EXECGATE" policy sign "${key[@]}" web.object
expect 2 'sign nothing' "$EXECGATE" policy sign "${key[@]}" -o x

expect 3 'not signed' "$EXECGATE" policy show "${trusted[@]}" web.object
prints 'is shown all the same' 'not signed yet'
expect 5 'by a key that is not trusted' "$EXECGATE" policy show \
	--cert "$KEYS/p256/cert.pem" web.policy
prints 'is shown, not believed' 'NOT good'
python3 - <<'END'
data = open("web.policy", "rb").read()
at = data.index(b"EXECGPOL")
open("changed.policy", "wb").write(data[:at + 32] + b"\1" + data[at + 33:])
open("future.policy", "wb").write(data[:at + 32] + b"\3" + data[at + 33:])
END
expect 4 'changed' "$EXECGATE" policy show "${trusted[@]}" changed.policy
says 'is told' 'was changed after it was signed'
expect 4 'a mode of the future' "$EXECGATE" policy show future.policy
says 'is refused' 'that this version of execgate does not know'
head -c 8193 /dev/zero >large.policy
expect 1 'too large' "$EXECGATE" policy show large.policy
: >empty.policy
expect 4 'empty' "$EXECGATE" policy show empty.policy
expect 7 'no such file' "$EXECGATE" policy show none.policy
"$EXECGATE" catalog build --no-cache --name c --sign "${key[@]}" -o c.cat /bin/true \
	>/dev/null
expect 4 'a catalog is no policy' "$EXECGATE" policy show "${trusted[@]}" c.cat
expect 4 'a policy is no catalog' "$EXECGATE" catalog verify "${trusted[@]}" web.policy

expect 0 'kept for the next boot' load web.policy
prints 'says so' 'Policy web, version 5, is in force from the next boot on'
holds 'whole' cmp keep/policy web.policy
holds 'with its version' grep -qx '5 policy' keep/version
expect 0 'a newer one' load six.policy
holds 'in its place' cmp keep/policy six.policy
expect 4 'never an older one' load web.policy
says 'says why' 'version 5, it must be 6 or more'
holds 'what was kept stays' cmp keep/policy six.policy
expect 0 'the same again' load six.policy
expect 3 'not one that is not signed' load web.object
expect 4 'not one that was changed' load changed.policy
mv trust/cert.policy.pem trust/cert.pem
expect 5 'not by a key that is for code' load seven.policy
says 'tells what to say' 'enroll --for files,catalogs,kernel,policy CERT'
rm trust/cert.pem
cp "$KEYS/p256/cert.pem" trust/cert.policy.pem
expect 5 'not one of a stranger' load seven.policy
says 'tells how to trust it' 'execgate key enroll'
echo nonsense >keep/version
cp "$KEYS/rsa/cert.pem" trust/rsa.policy.pem
expect 1 'not when it is not known what was' load seven.policy
says 'is told' 'it is not known what is too old'
holds 'and nothing is changed' cmp keep/policy six.policy
holds 'nothing of ours is left' clean keep
expect 2 'load nothing' "$EXECGATE" policy load

for command in make sign show load; do
	expect 0 "help of $command" "$EXECGATE" policy "$command" --help
	prints "usage of $command" "usage: execgate policy $command"
done
if [ ! -e /sys/module/execgate ]; then
	for command in show 'load six.policy'; do
		# shellcheck disable=SC2086 # two words
		expect 6 "without the module: $command" "$EXECGATE" policy $command
		says "$command tells what to do" 'modprobe execgate'
	done
fi

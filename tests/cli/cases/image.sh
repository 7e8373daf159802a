# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Catalogs of the images of containers: which files count, whose they are, and what is
# refused. The images are made here (tests/cli/oci.py); nothing is fetched.

key=$KEYS/rsa/key.pem
machine=amd64

build() {
	"$EXECGATE" catalog build --no-classes --no-cache --platform "$machine" "$@"
}

# lists WHAT IMAGE TEXT...: the catalog of an image has these scripts and nothing else
lists() {
	local what=$1 text
	expect 0 "$what" build --name t --image "$2" -o t.manifest
	shift 2
	for text; do
		printf '#!/bin/sh\necho %s\n' "$text" | sha256sum | cut -d' ' -f1
	done | sort >expected
	"$EXECGATE" catalog show --entries t.manifest | sed -nE 's/^ *([0-9a-f]{64}) .*/\1/p' |
		sort >found
	holds "$what: its files" diff expected found
}

# refuses CODE WHAT TEXT IMAGE: with a message that has TEXT in it, and no catalog
refuses() {
	rm -f bad.manifest
	expect "$1" "$2" build --name t --image "$4" -o bad.manifest
	says "$2: why" "$3"
	holds "$2: no catalog" test ! -e bad.manifest
}

# --- layers, packed in every way, from every place: the same bytes
make_images <<'PY'
def sh(text):
    return f"#!/bin/sh\necho {text}\n"

base = layer(folder("bin/"), ("bin/one", sh("one")), ("./bin/two", sh("two")),
             ("etc/data", "no code"), ("gone/deep/three", sh("three")),
             ("opaque/four", sh("four")), ("opaque/sub/five", sh("five")),
             hardlink("bin/link", "bin/two"), symlink("sbin", "bin"))
top = layer(("bin/.wh.one", ""), (".wh.gone", ""), ("opaque/six", sh("six")),
            ("opaque/.wh..wh..opq", ""), ("sbin/seven", sh("seven")))
image("plain", base, top, how="tar")
image("gzip", base, top)
image("zstd", base, top, how="zstd")
made = Image()
made.add(made.manifest([base, top]))
made.archive("oci.tar")
saved("docker.tar", [base, top])
saved("old.tar", [base, top, base], old=True)
PY
for place in oci:plain oci:gzip oci:zstd oci-archive:oci.tar docker-archive:docker.tar; do
	lists "$place" "$place" two six seven
	cp t.manifest "${place//[:.]/-}.manifest"
done
for place in oci-gzip oci-zstd oci-archive-oci-tar docker-archive-docker-tar; do
	holds "$place makes the same bytes" cmp oci-plain.manifest "$place.manifest"
done
lists "an old docker save, a layer as a link" docker-archive:old.tar \
	one two three four five six seven
expect 0 "one job" build --name t --jobs 1 --image oci:gzip -o one.manifest
holds "jobs change nothing" cmp oci-plain.manifest one.manifest

# --- what the catalog is called, and how old it is
expect 0 "without a name" build --image oci:gzip
holds "it is the repository" test -e example.org+app.manifest
expect 0 "show" "$EXECGATE" --json catalog show example.org+app.manifest
json "the age of the image" '.name == "example.org+app" and .sequence == 1715648523 and
	.created_at == 1715648523'
expect 0 "its identities" "$EXECGATE" catalog show --entries example.org+app.manifest
prints "are the repository" 'example.org+app'
expect 0 "as JSON" "$EXECGATE" --json catalog build --no-cache --platform "$machine" \
	--image oci:gzip -o t.manifest
json "the image" '.images[0].reference == "example.org/app:1" and .images[0].layers == 2 and
	.images[0].files == 4 and (.images[0].digest | length) == 64'
expect 0 "a sequence and an identity" build --image oci:gzip --sequence 3 --identity me \
	--version 4 -o t.manifest
expect 0 "are taken" "$EXECGATE" --json catalog show --entries t.manifest
holds "the sequence" grep -q '"sequence": *3' out
expect 0 "signed at once" build --image oci:gzip --sign --key "$key" -o t.cat
expect 0 "and verified" "$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" t.cat
make_images <<'PY'
good = layer(("x", "#!/bin/sh\necho x\n"))
image("tag", good, name="latest")
image("port", good, name="localhost:5000/some/app:2")
image("old", good, created="0001-01-01T00:00:00Z")
PY
expect 2 "a tag alone" build --image oci:tag
says "is not a name" 'give the catalog a --name'
expect 0 "a port" build --image oci:port
holds "is in the name" test -e localhost_5000+some+app.manifest
expect 0 "a time that is none" build --image oci:old -o t.manifest
expect 0 "it is old" "$EXECGATE" --json catalog show t.manifest
json "as old as can be" '.sequence == 1 and .created_at == 0'

# --- for which machine
make_images <<'PY'
made = Image()
both = [made.manifest([layer(("x", f"#!/bin/sh\necho {arch}\n"))], arch=arch)
        for arch in ("amd64", "arm64")]
for one, arch in zip(both, ("amd64", "arm64")):
    one["platform"] = {"os": "linux", "architecture": arch}
notes = made.manifest([], arch="unknown")
notes["platform"] = {"os": "unknown", "architecture": "unknown"}
made.add(made.blob({"schemaVersion": 2, "manifests": both + [notes]}, OCI + "index.v1+json"))
made.write("multi")
image("arm", layer(("x", "#!/bin/sh\necho arm\n")), arch="arm64")
made = Image()
for name in "one", "two":
    made.add(made.manifest([layer(("x", f"#!/bin/sh\necho {name}\n"))]),
             f"example.org/{name}:1")
made.write("many")
PY
lists "an index of machines" oci:multi amd64
machine=linux/arm64
lists "another machine" oci:multi arm64
machine=amd64
refuses 7 "an image for another machine" 'is for linux/arm64, not for linux/amd64' oci:arm
machine=s390x
refuses 7 "a machine that is not there" 'no image for linux/s390x' oci:multi
machine=amd64
expect 2 "a platform that is none" build --platform 'linux//x' --image oci:multi
refuses 1 "several images" 'say which' oci:many
lists "one of them, by its whole name" oci:many:example.org/two:1 two
refuses 7 "one that is not there" 'no image "three"' oci:many:three

# --- whose files they are
make_images <<'PY'
import base64
def sums(*files):
    return "".join(f"{hashlib.md5(data.encode()).hexdigest()}  {path}\n" for path, data in files)

bash, vim, apk = "#!/bin/sh\necho bash\n", "#!/bin/sh\necho vim\n", "#!/bin/sh\necho apk\n"
record = base64.b64encode(hashlib.sha1(apk.encode()).digest()).decode()
image("debian", layer(
    folder("usr/bin"), symlink("bin", "usr/bin"), ("usr/bin/bash", bash), ("usr/bin/vim", vim),
    ("usr/bin/changed", "#!/bin/sh\necho backdoor\n"), ("usr/bin/own", "#!/bin/sh\necho own\n"),
    ("var/lib/dpkg/info/bash.md5sums", sums(("bin/bash", bash))),
    ("var/lib/dpkg/info/vim:amd64.md5sums", sums(("usr/bin/vim", vim), ("usr/bin/changed", vim)))))
image("distroless", layer(("usr/bin/bash", bash),
                          ("var/lib/dpkg/status.d/base.md5sums", sums(("usr/bin/bash", bash)))))
image("alpine", layer(("bin/busybox", apk), ("bin/other", bash), ("lib/apk/db/installed",
      f"P:busybox\nV:1\nt:1600000000\nF:bin\nR:busybox\nZ:Q1{record}\nR:other\nZ:Q1{record}\n\n")))
PY
identities() { "$EXECGATE" catalog show --entries t.manifest | awk 'NF > 3 { print $4 }' | sort; }
owners() {
	local what=$1
	expect 0 "$what" build --image "oci:$2" -o t.manifest
	shift 2
	holds "$what: whose they are" test "$("$EXECGATE" catalog show --entries t.manifest |
		sed -nE 's/^ *[0-9a-f]{64} +content +[a-z]+ +([^ ]+).*/\1/p' | sort | xargs)" = "$*"
}
owners "Debian" debian example.org+app example.org+app org.debian.bash org.debian.vim
owners "distroless" distroless org.debian.base
owners "Alpine" alpine example.org+app org.alpinelinux.busybox
expect 0 "the version of packages" "$EXECGATE" --json catalog show --entries t.manifest
holds "is when Alpine built them" grep -q 1600000000 out

# --- classes and rules: by the package in the image, but of no place on this machine
mkdir rules
cat >rules/t.conf <<'CONF'
[bash]
package = bash
path = /usr/bin/bash
rule = path /usr/bin/bash
rule = hardened
CONF
expect 0 "with rules" "$EXECGATE" catalog build --no-cache --platform "$machine" \
	--identities rules --image oci:debian -o t.manifest
expect 0 "shown" "$EXECGATE" catalog show --entries t.manifest
holds "what it may be" grep -q hardened out
holds "and not where" sh -c '! grep -q "path /usr" out'

# --- hostile images
make_images <<'PY'
import copy
good = layer(("x", "#!/bin/sh\necho x\n"))
def bad(path, change, *args, **more):
    made = Image()
    made.add(made.manifest([good], **more))
    change(made)
    made.write(path)

def damage(which):
    def change(made):
        for digest, data in made.blobs.items():
            if which in data:
                made.blobs[digest] = data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]
    return change

bad("bad-manifest", damage(b'"layers"'))
bad("bad-config", damage(b"rootfs"))
bad("bad-layer", damage(b"\x1f\x8b"))
bad("bad-diff", lambda made: None, diff_ids=["sha256:" + sha(b"other")])
bad("few-diffs", lambda made: None, diff_ids=["sha256:" + sha(good)] * 2)
def resize(made):
    made.index[0]["size"] += 1
bad("bad-size", resize)
def no_blob(made):
    made.index[0]["digest"] = "sha256:" + sha(b"none")
bad("no-blob", no_blob)
def climb(made):
    made.index[0]["digest"] = "sha256:../../../../etc/passwd"
bad("bad-digest", climb)
def forever(made):
    for _ in range(9):
        made.index = [made.blob({"schemaVersion": 2, "manifests": made.index},
                                OCI + "index.v1+json")]
bad("forever", forever)
made = Image()
one = made.manifest([good])
text = json.loads(made.blobs[one["digest"][7:]])
text["manifests"] = []
made.add(made.blob(text, one["mediaType"]))
made.write("both")
made = Image()
one = made.manifest([good])
text = made.blobs[one["digest"][7:]]
made.add(made.blob(text[:-1] + b', "layers": []}', one["mediaType"]))
made.write("twice")
made = Image()
made.add(made.manifest([good], how="encrypted"))
made.write("encrypted")
image("not-tar", b"no archive " * 99, how="tar")
image("cut", layer(("x", b"#!/bin/sh\n" * 999))[:2048], how="tar")
image("climbs", layer(("../../etc/x", "#!/bin/sh\n")))
image("climbs-within", layer(("a/../../x", "#!/bin/sh\n")))
image("loop", layer(symlink("a", "b"), symlink("b", "a"), ("a/x", "#!/bin/sh\n")))
image("no-target", layer(hardlink("x", "y")))
image("link-out", layer(hardlink("x", "../y")))
image("below-file", layer(("a", "data"), ("a/x", "#!/bin/sh\n")))
image("no-name", layer(("a/.wh.", "")))
image("sparse", layer(("x", {"pax_headers": {"GNU.sparse.major": "1", "GNU.sparse.minor": "0",
      "GNU.sparse.name": "x", "GNU.sparse.realsize": str(1 << 60)},
      "data": b"1\n0\n512\n".ljust(512, b"\0") + b"a" * 512})))
# Outlandish, and good all the same.
image("odd", layer(("/abs", "#!/bin/sh\necho abs\n"), symlink("up", "../../../../usr"),
                   ("up/x", "#!/bin/sh\necho up\n"), ("usr/\u00e9", "#!/bin/sh\necho e\n"),
                   ("usr/\u00fc", "#!/bin/sh\necho u\n"),
                   ("dev", {"type": tarfile.CHRTYPE}), ("pipe", {"type": tarfile.FIFOTYPE}),
                   symlink("dangling", "/none"), (".wh..wh.plnk/1.2", "#!/bin/sh\n"),
                   ("a/b", "#!/bin/sh\necho b\n")),
      layer(("dev", "#!/bin/sh\necho dev\n"), ("a", "#!/bin/sh\necho a\n")))
open("no.tar", "wb").write(b"nothing" * 999)
os.mkdir("empty")
PY
refuses 4 "a changed manifest" 'is not what its digest says' oci:bad-manifest
refuses 4 "a changed configuration" 'is not what its digest says' oci:bad-config
expect 4 "a changed layer" build --name t --image oci:bad-layer -o bad.manifest
refuses 4 "a layer that unpacks to something else" 'not what its configuration says' oci:bad-diff
refuses 4 "more layers than there are" 'its configuration is of 2' oci:few-diffs
refuses 4 "another size" 'is not what its digest says' oci:bad-size
refuses 7 "a part that is not there" 'cannot open' oci:no-blob
refuses 4 "a digest that is a path" 'not of the form sha256:HEX' oci:bad-digest
refuses 4 "indexes without end" 'leads to indexes only' oci:forever
refuses 4 "an index that is a manifest" 'is an index and a manifest' oci:both
refuses 4 "a key twice" 'is not JSON' oci:twice
refuses 1 "an unknown layer" 'of the unknown type' oci:encrypted
refuses 4 "a layer that is no archive" 'is damaged' oci:not-tar
refuses 4 "a layer that is cut" 'is damaged' oci:cut
refuses 4 "a path that leads out" 'leads out of its folder' oci:climbs
refuses 4 "and one that does so within" 'leads out of its folder' oci:climbs-within
refuses 4 "links that never end" 'a link that never ends' oci:loop
refuses 4 "a link to nothing" 'to what is not there' oci:no-target
refuses 4 "a link that leads out" 'to what is not there' oci:link-out
refuses 4 "a file in a file" 'whose folder is not one' oci:below-file
refuses 4 "a whiteout of nothing" 'takes away nothing' oci:no-name
refuses 1 "an exabyte of holes" 'bytes when it is unpacked' oci:sparse
refuses 4 "what is no archive" 'not a complete archive' docker-archive:no.tar
refuses 7 "an empty folder" 'index.json' oci:empty
refuses 2 "a file without its kind" 'say what it is' no.tar
lists "odd names" oci:odd abs up e u dev a

# --- skopeo fetches what is elsewhere
mkdir bin
cat >bin/skopeo <<'SH'
#!/bin/sh
printf '%s\n' "$@" >>asked
for last; do :; done
case $* in *fail*) exit 1 ;; esac
to=${last#dir:}
mkdir "$to" && cp gzip/blobs/sha256/* "$to"
mv "$to/$(jq -r '.manifests[0].digest[7:]' gzip/index.json)" "$to/manifest.json"
SH
chmod +x bin/skopeo
mkdir tmp
expect 0 "a reference" env PATH="$PWD/bin:$PATH" TMPDIR="$PWD/tmp" "$EXECGATE" catalog build \
	--no-classes --no-cache --platform amd64 --image registry.example/some/app:7
holds "its name" test -e registry.example+some+app.manifest
holds "skopeo was asked for it" grep -qx 'docker://registry.example/some/app:7' asked
holds "and for this machine" grep -qx amd64 asked
holds "and for the bytes that the registry has" grep -qx -- --preserve-digests asked
expect 1 "one that fails" env PATH="$PWD/bin:$PATH" TMPDIR="$PWD/tmp" "$EXECGATE" catalog build \
	--image registry.example/fail
says "skopeo says why" 'skopeo did not copy'
holds "nothing is left" test -z "$(ls tmp)"
expect 7 "without skopeo" env PATH=/nowhere TMPDIR="$PWD/tmp" "$EXECGATE" catalog build \
	--image registry.example/some/app
says "what to do" 'install the package skopeo'

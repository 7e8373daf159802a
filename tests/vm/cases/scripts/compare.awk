# SPDX-License-Identifier: GPL-2.0
# The two witnesses of a-trace.sh are compared: its kinds of code come first (file "-"), then
# what the kernel traced ("judged"), then what was opened (vm/attacks/opens.c has the fields).
# Exit status 1: code was read that was not judged, or a witness lost something.

function is_code(program, base, operand, line,    i, n, words) {
	if (base ~ names[program] || operand != "-" && options[program] != "-" &&
		operand ~ "^[.]" options[program] "$")
		return 1
	n = split(substr(line, 3), words, /[ \t]+/)
	for (i = 1; i <= n; i++) {
		sub(/.*\//, "", words[i])
		if (lines[program] != "-" && words[i] ~ "^(" lines[program] ")$")
			return 1
	}
	return 0
}
# The kinds are looked up once a program.
function know(program, path,    i) {
	if (path in known)
		return known[path]
	known[path] = ""
	for (i = 1; i <= rows; i++)
		if (program ~ "^" pattern[i] "$")
			known[path] = pattern[i]
	return known[path]
}
FILENAME == "-" {
	if (split($0, row, " ") == 4) {
		pattern[++rows] = row[1]
		names[row[1]] = row[2]
		options[row[1]] = row[3]
		lines[row[1]] = row[4]
	}
	next
}
FILENAME ~ /judged$/ {
	if (/entries-in-buffer/) {
		split($0, count, /[:\/ ]+/)
		lost = count[4] != count[5]
	}
	if (match($0, /-[0-9]+ +\[[0-9]+\]/)) {
		tid = substr($0, RSTART + 1) + 0
		sub(/.* dev=/, "")
		sub(/ ino=/, ":")
		judged[tid, $0]++
		judgments++
	}
	next
}
$1 == "end" {
	all = $2
	ended = $3
	next
}
{
	interpreted++
	if ($3 == "w") {
		written++
		next
	}
	n = split($5, parts, "/")
	program = parts[n]
	n = split($6, parts, "/")
	kind = know(program, $5)
	if (kind == "") {
		strangers[$5] = 1
	} else if (is_code(kind, parts[n], $4, $7)) {
		code++
		by_program[program]++
		if (++wanted[$1, $2] > (($1, $2) in judged ? judged[$1, $2] : 0))
			missed[$6 " by " $5]++
	} else if (($1, $2) in judged) {
		besides++
	} else if (parts[n] ~ /[.]so([.][0-9.]+)?$/) {
		libraries++
	} else {
		folder = $6
		sub(/[^\/]*$/, "", folder)
		data[program " in " folder]++
	}
}
END {
	printf "%d opens of regular files, %d by interpreters, of those %d for writing only\n", all, interpreted, written
	printf "%d opens of code by its kind, %d more that the gate judged, %d of libraries, %d judgments\n", code, besides, libraries, judgments
	for (name in by_program)
		printf "code of %s: %d\n", name, by_program[name]
	for (name in data)
		printf "data of %s: %d\n", name, data[name]
	for (name in missed) {
		printf "NOT JUDGED: %s, %d times\n", name, missed[name]
		bad = 1
	}
	for (name in strangers) {
		printf "NO KINDS of %s\n", name
		bad = 1
	}
	if (lost || ended != interpreted) {
		printf "LOST: %d of %d opens were written down, judgments were %s\n", interpreted, ended, lost ? "dropped" : "kept"
		bad = 1
	}
	exit bad
}

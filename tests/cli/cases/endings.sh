# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Last lines that would swallow armor are refused, with the way out; all others are signed,
# and where the interpreter is on this machine, the script says what it said before.

# said FILE: output and status
said() {
	"./$1" 2>&1
	echo "status $?"
}

# here FILE: is its interpreter on this machine?
here() {
	local line
	read -r line <"$1"
	line=${line#\#!}
	[ -x "${line%% *}" ]
}

# good NAME FORMAT: is signed
good() {
	# shellcheck disable=SC2059
	printf "$2" >script
	chmod 755 script
	! here script || said script >before
	expect 0 "$1 is signed" sign script
	expect 0 "$1 verifies" verify script
	! here script || {
		said script >after
		holds "$1 does what it did" cmp before after
	}
	rm -f before after
}

# bad NAME FORMAT REASON: is refused, and stays; by request it is signed
bad() {
	# shellcheck disable=SC2059
	printf "$2" >script
	cp script kept
	expect 1 "$1 is refused" sign script
	says "$1: why" "$3"
	says "$1: the way out" 'list it in a catalog'
	holds "$1 stays" cmp script kept
	expect 0 "$1 by request" sign --armor script
}

open='ends in a here-document' back='ends with a backslash' data='__END__ or __DATA__'
outside='ends outside of PHP'

good "sh without a newline" '#!/bin/sh\necho a'
good "sh of another system" '#!/bin/sh\necho a\n#\r\n'
good "a here-document of sh" '#!/bin/sh\ncat <<E\na\nE\n'
good "one whose end is the last line" '#!/bin/sh\ncat <<E\na\nE'
good "one with tabs" '#!/bin/sh\ncat <<-E\n\ta\n\tE\n'
good "two of them" '#!/bin/bash\ncat <<A; cat <<"B C"\n1\nA\n2\nB C\n'
good "a shift is none" '#!/bin/bash\necho $((1 << 2))\n((x = 1 << 2)) && echo "$x <<E"\n'
good "a word is none" '#!/bin/bash\ncat <<<word\n# <<E\n'
bad "a here-document that is open" '#!/bin/sh\ncat <<E\na\n' "$open"
bad "one without a newline" '#!/bin/sh\ncat <<E\na' "$open"
bad "one that begins last" '#!/bin/sh\ncat <<E' "$open"
bad "one in a substitution" '#!/bin/sh\nx=$(cat <<E\na\n)\n' "$open"
bad "the second of two" "#!/bin/bash\ncat <<A; cat <<'B'\n1\nA\n2\n" "$open"
bad "sh, continued" '#!/bin/sh\necho a\\\n' "$back"
bad "sh, continued by the end" '#!/bin/sh\necho a\\' "$back"

good "python" '#!/usr/bin/python3\nprint("a")'
good "python of another system" '#!/usr/bin/python3\nif 1:\r\n    print("a")\r\n'
bad "python, continued" '#!/usr/bin/python3\nx = 1 \\\r\n' "$back"

good "perl" '#!/usr/bin/perl\nprint "a\\n";'
good "perl with a manual" '#!/usr/bin/perl\nprint "a\\n";\n__END__\n=head1 NAME\n'
bad "perl with data" '#!/usr/bin/perl\nprint <DATA>;\n__DATA__\nx\n' "$data"
bad "perl with data of another system" '#!/usr/bin/perl\nprint <DATA>;\r\n__END__\r\nx\r\n' "$data"
bad "perl with no data" '#!/usr/bin/perl\nprint <DATA>;\n__END__' "$data"
good "perl with a word that is longer" '#!/usr/bin/perl\nmy $x = "DATA\n__END__X\n";\nprint $x;\n'
good "perl that says DATA" '#!/usr/bin/perl\nprint "DATA\\n"; my $METADATA; print qq(a);\n__END__\n=head1 X\n'
bad "perl with data by reference" '#!/usr/bin/perl\nprint readline(*main::DATA);\n__END__\nx\n' "$data"
bad "ruby with data" '#!/usr/bin/ruby\nputs DATA.read\n__END__\nx\n' "$data"
good "ruby" '#!/usr/bin/ruby\nputs "a"\n=begin\n=end\n'

good "php" '#!/usr/bin/php\n<?php echo "a";'
good "php behind a page" '#!/usr/bin/php\na ?> <?= 1 ?>\n<?php echo "a";\n'
bad "php that is closed" '#!/usr/bin/php\n<?php echo "a"; ?>\n' "$outside"
bad "php without a tag" '#!/usr/bin/php\na\n<?xml\n' "$outside"
bad "php closed in a comment" '#!/usr/bin/php\n<?php echo 1; // a ?>' "$outside"
bad "php with data" '#!/usr/bin/php\n<?php echo "a"; __HALT_compiler();x' '__halt_compiler'

good "node" '#!/usr/bin/node\nconsole.log(1) // a'
good "lua" '#!/usr/bin/lua\nprint(1) --[[ a\n]]'
good "tcl" '#!/usr/bin/tclsh\nputs a'
bad "tcl, continued" '#!/usr/bin/tclsh\nputs a\\\n' "$back"
good "awk" '#!/usr/bin/awk -f\nBEGIN { print 1 }'
bad "awk, continued" '#!/usr/bin/awk -f\nBEGIN { print 1 } \\\n' "$back"
good "sed" '#!/bin/sed -nf\n$ a\\\na'
bad "sed, continued" '#!/bin/sed -nf\n$ a\\\na\\\n' "$back"
good "make" '#!/usr/bin/make -f\nall:\n\t@echo a'
bad "make, continued" '#!/usr/bin/make -f\nall:\n\t@echo a\\\n' "$back"
# Without a #! line the name says the language, to who says that it is a script.
# named NAME FORMAT COMMENT: is signed in lines that begin so
named() {
	# shellcheck disable=SC2059
	printf "$2" >"$1"
	expect 0 "$1 is signed" sign --class script "$1"
	holds "$1 is armored" test "$(tail -n 1 "$1")" = "$3 -----END EXECGATE SIGNATURE-----"
	expect 0 "$1 verifies" verify "$1"
}
named a.php '<?php\necho 1;\n' '#'
named a.lua 'print(1)\n' '--'
named a.js 'console.log(1)\n' '//'
named a.vim 'let x = 1\n' '"'
named b.vim '" vim9script\nlet x = 1\n' '"'
named c.vim '# a\nvim9script\nvar x = 1\n' '#'
named a.scm '(display 1)\n' ';'
named Makefile 'all:\n' '#'
printf '#!/usr/bin/vim -S\nvim9script\nvar x = 1\n' >script
expect 0 "vim's new language" sign script
holds "has comments of its own" test "$(tail -n 1 script)" = '# -----END EXECGATE SIGNATURE-----'
printf '#!/usr/bin/gjs -m\nprint(1);\n' >script
expect 0 "gjs" sign script
holds "is JavaScript" test "$(tail -n 1 script)" = '// -----END EXECGATE SIGNATURE-----'
printf '<?php echo 1; ?>\n' >page.php
expect 1 "a page of PHP is refused" sign --class script page.php
says "a page of PHP: why" "$outside"
expect 1 "what is a script, and nobody says it" sign a.lua
says "says how" '--class'
printf 'a\0b' >a.pyc
expect 0 "byte code" sign --class script a.pyc
holds "has a trailer" test "$(grep -ac BEGIN a.pyc)" -eq 0
printf 'a\0b' >a.sh
expect 1 "binary data under the name of a text" sign --class script a.sh
says "is refused" 'binary data'
holds "nothing is left behind" clean .

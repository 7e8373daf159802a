# SPDX-License-Identifier: GPL-2.0
"""How scripts of a language are found, and what its interpreter is asked about them.

The check has the interpreter say what it reads ({} is the script): where it can, what it
compiles; else whether it is satisfied; awk and sed run on an input, and what libraries of
Tcl and vim define is defined. None of it is to do what the script is for.
"""
from typing import NamedTuple

AST = "import ast, sys; print(ast.dump(ast.parse(open(sys.argv[1], 'rb').read())))"


class Language(NamedTuple):
    interpreters: str  # a pattern of the name on the #! line
    check: list
    names: tuple = ()  # patterns of the path of those without such a line
    is_followed: bool = False  # by "sign --follow"


LANGUAGES = {
    "sh": Language("(da)?sh", ["dash", "-n", "{}"], ("*.sh",), True),
    "bash": Language("bash", ["bash", "-n", "{}"], ("*.bash",), True),
    "zsh": Language("zsh", ["zsh", "-n", "{}"], ("*.zsh", "/usr/share/zsh/functions/*")),
    "python": Language("python3?", ["python3", "-c", AST, "{}"], ("*.py",), True),
    "perl": Language("perl", ["perl", "-c", "{}"], ("*.pl", "*.pm"), True),
    "ruby": Language("ruby", ["ruby", "--dump=insns", "{}"], ("*.rb",)),
    "node": Language("node(js)?", ["node", "--check", "{}"], ("*.cjs", "/usr/share/nodejs/*.js")),
    "php": Language("php", ["php", "-w", "{}"], ("*.php",)),
    "lua": Language("lua[0-9.]*", ["luac5.4", "-s", "-o", "/dev/stdout", "{}"], ("*.lua",)),
    "tcl": Language("(tclsh|wish)[0-9.]*", ["tclsh", "{}"], ("*.tcl",)),
    "awk": Language("[gm]?awk|runawk", ["gawk", "-f", "{}"], ("*.awk",)),
    "sed": Language("sed", ["sed", "-f", "{}"], ("*.sed", "*.sin")),
    "make": Language("make", ["make", "-n", "-rR", "--eval=nothing:;$(info $(.VARIABLES))",
                              "-f", "{}", "nothing"], ("*.mk", "*/Makefile")),
    "vim": Language("vim", ["vim", "-es", "-N", "-u", "NONE", "-i", "NONE", "-S", "{}",
                            "+qall!"], ("*.vim",)),
    "gjs": Language("gjs(-console)?", ["gjs", "-m", "{}"], ("/usr/*/gjs/*.js",)),
}

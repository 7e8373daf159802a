# SPDX-License-Identifier: GPL-2.0
"""Scripts of which something else holds, by path, each with the reason."""

# Answers that are not the same twice: a pattern of what changes, and why it does.
VARIES = {
    "/usr/games/lolcat": (r"\x1b\[38;5;[0-9]+m", "its colors begin at random"),
}

# Signed, it does something else; and why that is right, or not to be helped.
DIFFERENT = {}

# Refused, though armor would not change it.
NEEDLESS = {
    "/usr/share/zsh/functions/Completion/X/_evince": "the blank before the last backslash "
    "lets a comment begin",
}

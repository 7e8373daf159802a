# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# All of the boot walk: each way in which each file can be wrong, each system call with
# each failure.

# shellcheck disable=SC2034 # for what comes
WALK_STRIDE=1
# shellcheck source=tests/vm/cases/starts/a-walk.sh
. "$cases/starts/a-walk.sh"

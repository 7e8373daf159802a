# SPDX-License-Identifier: GPL-2.0
# "dh $@ --with execgate": all that runs, the maintainer scripts too, is there by then, and
# the package's checksums are not. No package of Perl: dh has these functions in its own.

use strict;
use warnings;

use Debian::Debhelper::Dh_Lib;

insert_before('dh_md5sums', 'dh_execgate');

1;

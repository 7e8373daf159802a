/* SPDX-License-Identifier: GPL-2.0 */
/* Ends of scripts behind which a comment line is read as something else. */
#ifndef EXECGATE_ENDING_H
#define EXECGATE_ENDING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * "__END__" or "__DATA__" alone on a line, behind a mention of the file handle DATA: perl
 * and ruby read what follows. Without the mention it is a manual.
 */
bool execgate_ending_is_data(const char *text, size_t size);

/**
 * execgate_ending_swallows() - would the script take a signature for something else?
 * @interpreter: as execgate_classify() finds it, "" if there is none
 *
 * Return: "ends with ...", or NULL. Rather a reason too many: --armor overrules it.
 */
const char *execgate_ending_swallows(const char *text, size_t size,
				     const char *interpreter);

#endif /* EXECGATE_ENDING_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the key is that signs if nobody names one: key.pem of ~/.config/execgate, else
 * of EXECGATE_SIGNING_DIR, else of EXECGATE_LOCAL_DIR.
 */
#ifndef EXECGATE_KEY_PLACES_H
#define EXECGATE_KEY_PLACES_H

#include <limits.h>
#include <stdbool.h>

#define EXECGATE_SIGNING_DIR "/etc/execgate/signing"
/* Where "execgate setup" makes the key that signs what packages bring. */
#define EXECGATE_LOCAL_DIR "/etc/execgate/local"

/* The user's own folder, with room behind it for a name; false: HOME is not set. */
bool execgate_key_places_own(char out[PATH_MAX]);
/* The first key that is there; false: none is that the caller can see. */
bool execgate_key_places_find(char key[PATH_MAX]);
/* The same, or root may have one where the caller cannot look. */
bool execgate_key_places_any(void);

#endif /* EXECGATE_KEY_PLACES_H */

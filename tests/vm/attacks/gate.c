// SPDX-License-Identifier: GPL-2.0
/* What the boot walk asks of the gate without executing anything. */
#include <string.h>
#include <unistd.h>

#include <linux/execgate.h>

#include "attack.h"
#include "request.h"

bool gate_is(uint32_t *mode, uint32_t *state)
{
	char answer[65536];
	struct request rq;
	const uint32_t *said[2] = { NULL, NULL };
	int fd = open_socket();
	uint16_t family = find_family(fd);

	begin(&rq, family, EXECGATE_CMD_STATUS, 0);
	if (family && !ask(fd, &rq, answer, sizeof(answer))) {
		said[0] = find_in_answer(answer, EXECGATE_A_MODE);
		said[1] = find_in_answer(answer, EXECGATE_A_STATE);
	}
	close(fd);
	if (!said[0] || !said[1])
		return false;
	*mode = *said[0];
	*state = *said[1];
	return true;
}

/* Of the first key that the gate trusts; false if there is none. */
static bool first_key(int fd, uint16_t family,
		      uint8_t digest[EXECGATE_FINGERPRINT_SIZE])
{
	char answer[65536];
	struct request rq;
	const char *nest;
	const uint8_t *found;

	begin(&rq, family, EXECGATE_CMD_KEY_LIST, NLM_F_DUMP);
	if (ask(fd, &rq, answer, sizeof(answer)) ||
	    ((const struct nlmsghdr *)answer)->nlmsg_type != family)
		return false;
	nest = find_in_answer(answer, EXECGATE_A_KEY);
	found = nest ? find(nest,
			    ((const struct nlattr *)nest)[-1].nla_len -
				    NLA_HDRLEN,
			    EXECGATE_K_FINGERPRINT) :
		       NULL;
	if (found)
		memcpy(digest, found, EXECGATE_FINGERPRINT_SIZE);
	return found;
}

bool gate_set(uint32_t mode)
{
	char answer[65536];
	struct request rq;
	int fd = open_socket(), ret;
	uint16_t family = find_family(fd);

	begin(&rq, family, EXECGATE_CMD_MODE_SET, NLM_F_ACK);
	put(&rq, EXECGATE_A_MODE, &mode, sizeof(mode));
	ret = family ? ask(fd, &rq, answer, sizeof(answer)) : -1;
	close(fd);
	return !ret;
}

void gate_forget_keys(void)
{
	uint8_t digest[EXECGATE_FINGERPRINT_SIZE];
	char answer[65536];
	struct request rq, nest;
	int fd = open_socket();
	uint16_t family = find_family(fd);

	for (;;) {
		/* Of the list only the beginning was read. */
		close(fd);
		fd = open_socket();
		if (!first_key(fd, family, digest))
			break;
		begin(&nest, 0, 0, 0);
		put(&nest, EXECGATE_K_FINGERPRINT, digest, sizeof(digest));
		close(fd);
		fd = open_socket();
		begin(&rq, family, EXECGATE_CMD_KEY_REMOVE, NLM_F_ACK);
		put(&rq, EXECGATE_A_KEY | NLA_F_NESTED, nest.data,
		    nest.header.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
		if (ask(fd, &rq, answer, sizeof(answer)))
			broken("a key stays");
	}
	close(fd);
}

// SPDX-License-Identifier: GPL-2.0
#include "cli/image/image.h"

static const struct command children[] = {
	{
		.name = "image sign",
		.arguments = "[OPTION...] IMAGE...",
		.summary = "put a signed catalog beside an image",
		.options = cmd_image_sign_options,
		.run = cmd_image_sign_run,
	},
	{
		.name = "image verify",
		.arguments = "[OPTION...] IMAGE...",
		.summary = "tell whether an image is what was signed",
		.options = cmd_image_verify_options,
		.run = cmd_image_verify_run,
	},
	{
		.name = "image pull",
		.arguments = "[OPTION...] IMAGE FOLDER",
		.summary = "fetch an image if it is what was signed",
		.options = cmd_image_pull_options,
		.run = cmd_image_pull_run,
	},
	{
		.name = "image trust",
		.arguments = "[OPTION...] IMAGE...",
		.summary = "verify an image, and let what is in it run",
		.options = cmd_image_trust_options,
		.run = cmd_image_trust_run,
	},
	{ 0 },
};

const struct command cmd_image = {
	.name = "image",
	.summary = "sign images of containers, verify and trust them",
	.children = children,
};

// SPDX-License-Identifier: GPL-2.0
/* Will the kernels that may boot next load the module? */
#include "cli/doctor/doctor.h"
#include "lib/preflight/kernels.h"

/* If a machine enforces, the next boot is as grave as this one. */
static void check_kernel(struct doctor *doctor,
			 const struct execgate_kernel *kernel)
{
	bool grave = doctor->wanted == EXECGATE_MODE_ENFORCE && kernel->next;
	char next[EXECGATE_KERNEL_NEXT_SIZE];

	if (kernel->state == EXECGATE_KERNEL_GOOD)
		doctor_report(doctor, DOCTOR_OK,
			      kernel->next ? "next boot" : "other kernel", NULL,
			      "%s for the kernel %s",
			      execgate_kernel_text(kernel->state),
			      kernel->release);
	else
		doctor_report(doctor, grave ? DOCTOR_FAIL : DOCTOR_WARN,
			      kernel->next ? "next boot" : "other kernel",
			      execgate_kernel_next(kernel, next),
			      "%s for the kernel %s: a boot of it will NOT gate",
			      execgate_kernel_text(kernel->state),
			      kernel->release);
}

void doctor_check_next_boot(struct doctor *doctor)
{
	struct execgate_kernel all[EXECGATE_KERNELS_MAX];
	size_t count = execgate_kernels_find("", all);

	for (size_t i = 0; i < count; i++)
		check_kernel(doctor, &all[i]);
}

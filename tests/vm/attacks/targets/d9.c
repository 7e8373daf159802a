// SPDX-License-Identifier: GPL-2.0
/* The smallest program with an interpreter and a library: exits with 9. */
int main(void)
{
	return 9;
}

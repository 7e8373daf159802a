// SPDX-License-Identifier: GPL-2.0
#include "lib/events/advice.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/crypto/keystore.h"
#include "lib/sign/key_places.h"

/*
 * When a way makes sense. In commands %f is the file, %p its package, %s is what signs a
 * file on this machine, and %c what lists its installed packages.
 */
enum when {
	ALWAYS,
	PACKAGE, /* a package owns the file */
	LOCAL,	 /* none does */
};

struct row {
	const char *cause;
	struct {
		enum when when;
		const char *text;
		const char *command;
	} ways[EXECGATE_ADVICE_WAYS + 1];
};

#define SIGN { LOCAL, "sign it, if you know where it comes from", "%s %f" }
/* The signer takes no damaged signature off, because its length may be a lie. */
#define SIGN_ORIGINAL \
	{ LOCAL, "get it anew from where it came, then sign it", "%s %f" }
#define SIGN_AGAIN { LOCAL, "sign it again, if the change was yours", "%s %f" }
#define CATALOG                                                \
	{ PACKAGE,                                             \
	  "trust what packages have installed, its own among " \
	  "them, by a signed catalog",                         \
	  "%c" }
#define REINSTALL                                            \
	{ PACKAGE,                                           \
	  "install its package again: what came from there " \
	  "is replaced",                                     \
	  "apt-get install --reinstall %p" }
#define VERIFY { ALWAYS, "see what it says about itself", "execgate verify %f" }
#define CHECK { ALWAYS, "ask the kernel again", "execgate check %f" }
#define KEYS \
	{ ALWAYS, "see which keys this machine trusts", "execgate key list" }
#define WHO                                                    \
	{ ALWAYS, "see who did it: user, process and program", \
	  "execgate denials -n 20" }
#define REMOVE { ALWAYS, "keep it denied: remove it, if nobody needs it", "" }

#define ADVICE_ALLOWED                                           \
	"A trusted key signed these very bytes, so it may run.", \
	{                                                        \
		VERIFY                                           \
	}
#define ADVICE_UNSIGNED                                                  \
	"Nobody vouches for it: it carries no signature, and no loaded " \
	"catalog has it.",                                               \
	{                                                                \
		CATALOG, SIGN, REMOVE                                    \
	}
#define ADVICE_MALFORMED                                                 \
	"There is a signature, but not one that execgate makes: it was " \
	"damaged, or made to look like one.",                            \
	{                                                                \
		REINSTALL, SIGN_ORIGINAL, VERIFY                         \
	}
#define ADVICE_WEAK_ALGORITHM                                        \
	"Its signature uses an algorithm that can be forged today.", \
	{                                                            \
		REINSTALL, SIGN_ORIGINAL, VERIFY                     \
	}
#define ADVICE_BAD_SIGNATURE                                                   \
	"It names a trusted key, but that key did not make the signature: it " \
	"was forged, or damaged on the way.",                                  \
	{                                                                      \
		REINSTALL, SIGN_ORIGINAL, WHO                                  \
	}
#define ADVICE_UNKNOWN_SIGNER                                               \
	"It is signed, but this machine does not trust the key of whoever " \
	"signed it.",                                                       \
	{                                                                   \
		{ ALWAYS, "trust that key, if you know whose it is",        \
		  "execgate key enroll CERTIFICATE" },                      \
			CATALOG,                                            \
			{ LOCAL, "sign it with a key that is trusted here", \
			  "%s %f" },                                        \
			VERIFY                                              \
	}
#define ADVICE_EXPIRED                                                        \
	"The signature says that it was made after the end of its key, or "   \
	"the clock of the signer was ahead.",                                 \
	{                                                                     \
		{ ALWAYS, "have it signed with a newer key, and enroll that", \
		  "execgate key enroll CERTIFICATE" },                        \
			{ LOCAL,                                              \
			  "sign it again with a key that is good today",      \
			  "%s %f" },                                          \
			KEYS                                                  \
	}
#define ADVICE_REVOKED                                                    \
	"Its key or this very content was withdrawn on purpose, usually " \
	"because it is known to be bad.",                                 \
	{                                                                 \
		REINSTALL,                                                \
			{ ALWAYS, "see what is revoked",                  \
			  "execgate revoke list" },                       \
			REMOVE                                            \
	}
#define ADVICE_DIGEST_MISMATCH                                            \
	"It was signed and then changed: by an update that kept the old " \
	"signature, by a tool that edits programs, or by an attacker.",   \
	{                                                                 \
		REINSTALL, SIGN_AGAIN,                                    \
			{ PACKAGE,                                        \
			  "compare it with what its package installed",   \
			  "dpkg --verify %p" },                           \
			WHO                                               \
	}
#define ADVICE_WRONG_CLASS                                                  \
	"Its signature is good, but says that it is for something else: a " \
	"library that is run as a program, or data that is run at all.",    \
	{                                                                   \
		{ LOCAL, "sign it for this use, too",                       \
		  "%s --class program,library %f" },                        \
			CATALOG, VERIFY                                     \
	}
#define ADVICE_WRONG_PATH                                                 \
	"Its signature says where it belongs, and it is elsewhere.",      \
	{                                                                 \
		{ ALWAYS, "see where it belongs, and who says so",        \
		  "execgate identity show %f" },                          \
			REINSTALL,                                        \
			{ LOCAL,                                          \
			  "move it to where it belongs, or sign it anew", \
			  "%s %f" },                                      \
			VERIFY                                            \
	}
#define ADVICE_ROLLBACK                                                \
	"Its version is older than what still counts; older ones are " \
	"refused because their faults are known.",                     \
	{                                                              \
		{ PACKAGE, "update its package",                       \
		  "apt-get install --only-upgrade %p" },               \
			{ LOCAL, "sign the newer version", "%s %f" },  \
			{ ALWAYS, "see which versions still count",    \
			  "execgate revoke list" },                    \
			VERIFY                                         \
	}
#define ADVICE_FOREIGN_LIBRARY                                                  \
	"The program that wanted to load it has a rule of which libraries may " \
	"come into it, and this is none of them.",                              \
	{                                                                       \
		{ ALWAYS,                                                       \
		  "look for who put it there: LD_PRELOAD, LD_LIBRARY_PATH, "    \
		  "/etc/ld.so.preload",                                         \
		  "" },                                                         \
			{ LOCAL, "sign the library as the rule wants it",       \
			  "%s %f" },                                            \
			VERIFY                                                  \
	}
#define ADVICE_FOREIGN_PROGRAM                                                  \
	"The program that wanted to start it has a rule of what it may start, " \
	"and this is none of them.",                                            \
	{                                                                       \
		{ ALWAYS,                                                       \
		  "find out what made the program start it: this is how a "     \
		  "server looks that was taken over",                           \
		  "" },                                                         \
			{ ALWAYS,                                               \
			  "or sign the program that starts it with a rule "     \
			  "that names this one: see execgate-identities(5)",    \
			  "" },                                                 \
			VERIFY                                                  \
	}
#define ADVICE_UNMARKED                                                        \
	"Its rules could not be put on the process that uses it, for lack of " \
	"memory, of the hooks that they need, or of room for one set more.",   \
	{                                                                      \
		{ ALWAYS, "see what the kernel said", "journalctl -k" }, CHECK \
	}
#define ADVICE_WRITER_OPEN                                                  \
	"Somebody has it open for writing (a compiler, a download, a copy " \
	"that is not finished), so what would run is not settled.",         \
	{                                                                   \
		{ ALWAYS, "see who has it open, and wait for its end",      \
		  "fuser -v %f" },                                          \
			CHECK                                               \
	}
#define ADVICE_SEALED                                                    \
	"It is running, verified, and must not change while it runs.",   \
	{                                                                \
		{ ALWAYS,                                                \
		  "replace it by a new file under its name, as package " \
		  "managers and install(1) do",                          \
		  "install -m 755 NEW %f" },                             \
			{ ALWAYS, "see who runs it", "fuser -v %f" }     \
	}
#define ADVICE_WX_MAPPING                                                    \
	"It wants memory that it can write and run at once: code from "      \
	"anywhere could run there.",                                         \
	{                                                                    \
		WHO,                                                         \
			{ ALWAYS,                                            \
			  "switch off its just-in-time compiler, if it has " \
			  "such an option",                                  \
			  "" },                                              \
			REMOVE                                               \
	}
#define ADVICE_EXEC_MODIFIED                                                    \
	"It wrote to its copy of a file in memory and wants to run the "        \
	"result: old programs with text relocations do this.",                  \
	{                                                                       \
		{ PACKAGE, "look for a newer version of its package",           \
		  "apt-get install --only-upgrade %p" },                        \
			{ LOCAL,                                                \
			  "build it anew as position-independent code (-fPIC)", \
			  "" },                                                 \
			WHO                                                     \
	}
#define ADVICE_MPROTECT                                                      \
	"It mapped a file as data and wants to run it afterwards: what was " \
	"not verified then is not verified now.",                            \
	{                                                                    \
		CATALOG, SIGN, WHO                                           \
	}
#define ADVICE_ANON_EXEC                                                      \
	"It wants to run memory that no file stands behind, as just-in-time " \
	"compilers and injected code do.",                                    \
	{                                                                     \
		WHO,                                                          \
			{ ALWAYS, "if it needs one, sign it for that",        \
			  "%s --class program,may-jit FILE" },                \
			{ ALWAYS, "open this gate for all programs",          \
			  "execgate gate anon-exec off" }                     \
	}
#define ADVICE_MEMFD                                                        \
	"It exists in memory only, which can change yet: some installers "  \
	"do this, and so does malware. Memory that is sealed for good is "  \
	"judged as a file is.",                                             \
	{                                                                   \
		WHO, { ALWAYS, "put the program into a file and sign that", \
		       "%s FILE" }                                          \
	}
#define ADVICE_UNTRUSTED_FS                                                   \
	"It lies on a file system (FUSE, network) that can hand out other "   \
	"bytes when it runs than when it was verified, or on a user's image " \
	"(a desktop's loop device), which that user can change. In a "        \
	"rootless container the kernel's own overlay is judged and "          \
	"fuse-overlayfs is not: remove mount_program from storage.conf.",     \
	{                                                                     \
		{ ALWAYS, "copy it to a local disk and run it there",         \
		  "install -m 755 %f /usr/local/bin/" },                      \
			{ ALWAYS, "see what file system that is",             \
			  "findmnt -T %f" }                                   \
	}
#define ADVICE_NOT_REGULAR                                                 \
	"It is a device, a pipe or a folder: only files can be verified.", \
	{                                                                  \
		{ ALWAYS, "see what it is", "stat %f" }, WHO               \
	}
#define ADVICE_SCRIPT                                            \
	"An interpreter was given a script that nobody signed.", \
	{                                                        \
		CATALOG, SIGN, REMOVE                            \
	}
#define ADVICE_INLINE_SCRIPT                                                   \
	"Code was given on the command line (sh -c, python3 -c), where "       \
	"nothing is signed.",                                                  \
	{                                                                      \
		{ ALWAYS, "put it into a file and sign that", "%s FILE" }, WHO \
	}
#define ADVICE_MODULE                                                      \
	"A kernel module that no trusted key signed was to be loaded.",    \
	{                                                                  \
		CATALOG, SIGN,                                             \
			{ ALWAYS, "see what the module is", "modinfo %f" } \
	}
#define ADVICE_FIRMWARE                                                       \
	"A driver asked for firmware that no trusted key signed.",            \
	{                                                                     \
		CATALOG,                                                      \
			{ LOCAL, "sign it, if it is from the device's maker", \
			  "%s --class firmware %f" },                         \
			{ ALWAYS, "see which driver asked",                   \
			  "journalctl -k -g firmware" }                       \
	}
#define ADVICE_KEXEC                                                    \
	"Another kernel was to be started that no trusted key signed.", \
	{                                                               \
		CATALOG,                                                \
			{ LOCAL, "sign it, if it is yours",             \
			  "%s --class data %f" },                       \
			WHO                                             \
	}
#define ADVICE_INJECT                                                        \
	"A process wanted to write code into another one, as debuggers and " \
	"attackers do.",                                                     \
	{                                                                    \
		WHO,                                                         \
			{ ALWAYS, "sign the debugger for that",              \
			  "%s --class program,debugger FILE" },              \
			{ ALWAYS, "open this gate for all programs",         \
			  "execgate gate inject off" }                       \
	}
#define ADVICE_TOO_LARGE                                                     \
	"The file or its signature is larger than the kernel is willing to " \
	"judge: signatures have a bound, so that a crafted file cannot "     \
	"exhaust it.",                                                       \
	{                                                                    \
		REINSTALL, SIGN_ORIGINAL,                                    \
			{ ALWAYS, "see how large it is", "stat %f" }         \
	}
#define ADVICE_IO_ERROR                                                      \
	"It could not be read to its end, and what cannot be verified does " \
	"not run.",                                                          \
	{                                                                    \
		{ ALWAYS, "look for errors of the disk or the network",      \
		  "journalctl -k -p err" },                                  \
			REINSTALL, CHECK                                     \
	}
#define ADVICE_NO_MEMORY                                \
	"The machine had no memory left to verify it.", \
	{                                               \
		{ ALWAYS, "see what uses the memory",   \
		  "ps -e -o pid,rss,comm "              \
		  "--sort=-rss" },                      \
			CHECK                           \
	}
#define ADVICE_INTERRUPTED                                                 \
	"The process was killed while its program was verified; the next " \
	"start judges it anew.",                                           \
	{                                                                  \
		CHECK                                                      \
	}
#define ADVICE_RAW_DISK                                                          \
	"Something wrote to a disk that a file system, swap or another disk is " \
	"built on. That changes files without anybody opening them. Boot "       \
	"loader installers and file system tools do it too.",                    \
	{                                                                        \
		{ ALWAYS, "see what is on it", "lsblk %f" },                     \
			{ ALWAYS, "unmount it first", "umount %f" }, WHO         \
	}

#define ADVICE_CACHE_FULL                                                      \
	"Version 0.1.0 of the module had places for 65,536 verified files in " \
	"use. Newer versions keep as many as there is memory for.",            \
	{                                                                      \
		{ ALWAYS, "see how many there are",                            \
		  "execgate status --verbose" },                               \
			{ ALWAYS, "see which processes have many",             \
			  "wc -l /proc/[0-9]*/maps | sort -n | tail" }         \
	}
#define NEWER_POLICY                                                  \
	{ ALWAYS, "sign a policy of a higher version, and load that", \
	  "execgate policy make --sign && execgate policy load "      \
	  "--persist local.policy" }
#define SHOW_POLICY \
	{ ALWAYS, "see which policy is in force", "execgate policy show" }
#define ADVICE_POLICY_VERSION                                                \
	"A signed policy never goes back: an old one, however well signed, " \
	"may allow what a newer one no longer does. Nothing was changed.",   \
	{                                                                    \
		NEWER_POLICY, SHOW_POLICY, WHO                               \
	}
#define ADVICE_POLICY_SIGNED                                               \
	"A signed policy is in force. Mode, profile and gates can be "     \
	"tightened by hand, but not loosened below what it says. Nothing " \
	"was changed. Without its key: boot with execgate.mode=audit on "  \
	"the kernel command line.",                                        \
	{                                                                  \
		SHOW_POLICY, NEWER_POLICY, WHO                             \
	}
#define ADVICE_LOCKED                                                        \
	"The gate was locked with \"execgate lock\", or by the "             \
	"configuration: until the next boot nobody loosens it. Nothing was " \
	"changed.",                                                          \
	{                                                                    \
		{ ALWAYS, "boot, if it has to be loosened",                  \
		  "systemctl reboot" },                                      \
			WHO                                                  \
	}

#define ADVICE_BPF                                                             \
	"Programs of type LSM, fmod_ret, struct_ops, freplace, and kprobes "   \
	"that override results can answer instead of the gate. It is "         \
	"locked, or bound by a signed policy: only those that a catalog "      \
	"lists by the event's digest are loaded.",                             \
	{                                                                      \
		{ ALWAYS, "see which were loaded before", "execgate doctor" }, \
			{ ALWAYS, "list it, with the digest of the event",     \
			  "execgate catalog build --name bpf "                 \
			  "--bpf DIGEST --sign && "                            \
			  "execgate catalog install bpf.cat" },                \
			WHO                                                    \
	}

#define ADVICE_WRONG_PURPOSE                                                   \
	"This machine trusts the key that signed it, but to sign something "   \
	"else: a key is for files, catalogs, kernel objects, modules of the "  \
	"kernel's sign-file or policies, as it was enrolled. For policies it " \
	"must have been said.",                                                \
	{                                                                      \
		KEYS,                                                          \
			{ ALWAYS, "sign it with a key that is for it",         \
			  "%s %f" },                                           \
			{ ALWAYS,                                              \
			  "or say all that the key is for, policies too",      \
			  "execgate key enroll --for code,policy "             \
			  "CERTIFICATE" },                                     \
			{ ALWAYS, "a module of sign-file or DKMS",             \
			  "execgate key enroll --for modules CERTIFICATE" }    \
	}

#define ADVICE_LOCKDOWN                                                         \
	"The gate is locked, and this would change or replace the running "     \
	"kernel: its memory, ports, firmware tables, or an image of it on a "   \
	"disk. The kernel's log says which (\"journalctl -k\"). Nothing but a " \
	"boot ends that.",                                                      \
	{                                                                       \
		{ ALWAYS, "boot, if it has to be done", "systemctl reboot" },   \
			WHO                                                     \
	}

/* A reason without its ADVICE_ does not compile. */
static const struct row rows[] = {
#define X(id, name, text) [EXECGATE_REASON_##id] = { ADVICE_##id },
	EXECGATE_REASONS(X)
#undef X
};

const char execgate_advice_constrained[] =
	"For others it would have run: the user or the unit that wanted it is "
	"constrained, and held to code that somebody signed. \"execgate constrain "
	"list\" shows who is. A service that needs it can have it signed as a "
	"script, or may have to be set free: \"execgate constrain remove NAME\".";

static const struct row changed = {
	"It is not what its package installed: somebody changed it since, or "
	"the disk did.",
	{ { PACKAGE, "see what else of the package is not as it was",
	    "dpkg --verify %p" },
	  REINSTALL,
	  { ALWAYS, "sign it as it is, only if the change was yours",
	    "%s %f" } }
};

static const struct row unknown = {
	"The module is newer than this program, which does not know the "
	"reason.",
	{ { ALWAYS, "update execgate",
	    "apt-get install --only-upgrade execgate" },
	  WHO }
};

const char *execgate_advice_packages(void)
{
	return access(EXECGATE_LOCAL_DIR "/hook.conf", F_OK) &&
			       access(EXECGATE_LOCAL_DIR "/cert.pem", F_OK) ?
		       "execgate setup" :
		       "/usr/libexec/execgate-apt refresh";
}

static bool has_enrolled(void)
{
	DIR *folder = opendir(EXECGATE_KEYSTORE_DIR);
	const struct dirent *entry;
	bool found = !folder && errno == EACCES;

	while (folder && !found && (entry = readdir(folder)))
		found = entry->d_name[0] != '.';
	if (folder)
		closedir(folder);
	return found;
}

const char *execgate_advice_sign(void)
{
	if (execgate_key_places_any())
		return "execgate sign";
	/* Somebody signs for this machine, elsewhere or with a token. */
	if (has_enrolled())
		return "execgate sign --key KEY";
	return "execgate setup && execgate sign";
}

/* The text that "%c" and the like stand for; NULL: @template begins with none of them. */
static const char *stands_for(const char *template, const char *quoted,
			      const char *package)
{
	if (!strncmp(template, "%f", 2))
		return quoted;
	if (!strncmp(template, "%p", 2))
		return package;
	if (!strncmp(template, "%s", 2))
		return execgate_advice_sign();
	return strncmp(template, "%c", 2) ? NULL : execgate_advice_packages();
}

/* False: it does not fit, or needs a file where there is none. */
static bool expand(const char *template, const char *path, const char *package,
		   char *out)
{
	char quoted[EXECGATE_ADVICE_COMMAND];
	size_t used = 0, length;
	const char *piece;

	execgate_advice_quote(path, quoted, sizeof(quoted));
	/* A command is shown as it is: dpkg knows no such name. */
	if (package[strspn(package, "abcdefghijklmnopqrstuvwxyz0123456789+.:-")])
		package = "";
	for (; *template; template ++) {
		piece = stands_for(template, quoted, package);
		length = piece ? strlen(piece) : 1;
		if (piece && (!length || (template[1] == 'f' && !*path)))
			return false;
		if (piece)
			template ++;
		else
			piece = template;
		if (used + length >= EXECGATE_ADVICE_COMMAND)
			return false;
		memcpy(out + used, piece, length);
		used += length;
	}
	out[used] = '\0';
	return true;
}

/* Setup makes a key where none is, and enrolls it. */
static bool loosens(const char *command)
{
	static const char *const refused[] = {
		"execgate key enroll",
		"execgate gate ",
		"execgate setup",
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!strncmp(command, refused[i], strlen(refused[i])))
			return true;
	return false;
}

static void fill(const struct row *row, const char *path, const char *package,
		 struct execgate_advice *out)
{
	out->cause = row->cause;
	out->count = 0;
	for (size_t i = 0; i <= EXECGATE_ADVICE_WAYS; i++) {
		struct execgate_way *way = &out->ways[out->count];

		if (!row->ways[i].text || out->count == EXECGATE_ADVICE_WAYS)
			break;
		if (row->ways[i].when == PACKAGE && !*package)
			continue;
		if (row->ways[i].when == LOCAL && *package)
			continue;
		if (!expand(row->ways[i].command, path, package, way->command))
			continue;
		way->text = row->ways[i].text;
		way->loosens = loosens(way->command);
		out->count++;
	}
}

void execgate_advice_get(unsigned int reason, const char *path,
			 const char *package, struct execgate_advice *out)
{
	fill(reason < EXECGATE_REASON_COUNT ? &rows[reason] : &unknown, path,
	     package, out);
}

void execgate_advice_changed(const char *path, const char *package,
			     struct execgate_advice *out)
{
	fill(&changed, path, package, out);
}

// SPDX-License-Identifier: GPL-2.0
#include "cli/preflight/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "cli/common/batch.h"
#include "lib/config/deadline.h"
#include "lib/events/resume.h"
#include "lib/netlink/netlink.h"
#include "lib/preflight/verdict_cache.h"

/* The kernel judges on the processor of who asks: more sockets help no more. */
#define SOCKETS 64

/**
 * struct asking - one run
 * @wanted: indexes of the items to be asked about
 * @lock: of @idle, @idle_count and @broken
 * @idle: sockets that no thread uses
 * @broken: the first failure that is not about one file; then nothing is asked
 */
struct asking {
	struct execgate_preflight *set;
	struct execgate_verdict_cache cache;
	size_t *wanted;
	size_t wanted_count;
	pthread_mutex_t lock;
	struct execgate_netlink *idle[SOCKETS];
	unsigned int idle_count;
	int broken;
	struct execgate_error error;
};

static void set_broken(struct asking *asking, int ret,
		       const struct execgate_error *err)
{
	pthread_mutex_lock(&asking->lock);
	if (!asking->broken) {
		asking->broken = ret;
		asking->error = *err;
	}
	pthread_mutex_unlock(&asking->lock);
}

static struct execgate_netlink *take_socket(struct asking *asking)
{
	struct execgate_netlink *nl = NULL;
	struct execgate_error err;
	bool broken;
	int ret;

	pthread_mutex_lock(&asking->lock);
	broken = asking->broken;
	if (!broken && asking->idle_count)
		nl = asking->idle[--asking->idle_count];
	pthread_mutex_unlock(&asking->lock);
	if (nl || broken)
		return nl;
	ret = execgate_netlink_open(&nl, &err);
	if (!ret)
		return nl;
	set_broken(asking, ret, &err);
	return NULL;
}

static void give_socket(struct asking *asking, struct execgate_netlink *nl)
{
	pthread_mutex_lock(&asking->lock);
	if (asking->idle_count < SOCKETS) {
		asking->idle[asking->idle_count++] = nl;
		nl = NULL;
	}
	pthread_mutex_unlock(&asking->lock);
	execgate_netlink_close(nl);
}

static void ask_uses(struct asking *asking,
		     struct execgate_preflight_item *item,
		     struct execgate_netlink *nl, int fd)
{
	struct execgate_event event;
	struct execgate_error err;
	int ret;

	for (int use = 0; use < EXECGATE_PREFLIGHT_USES; use++) {
		if (!item->use[use] ||
		    execgate_verdict_cache_has(&asking->cache, &item->st,
					       (unsigned int)use))
			continue;
		ret = execgate_netlink_check(nl, fd,
					     execgate_preflight_hook(use),
					     &event, &err);
		if (!ret) {
			item->reason[use] = event.reason;
			item->placed |= event.placed;
			continue;
		}
		item->error = ret;
		if (err.code == EXECGATE_EXIT_NOT_LOADED ||
		    err.code == EXECGATE_EXIT_NO_PRIVILEGE)
			set_broken(asking, ret, &err);
	}
}

static bool all_known(const struct asking *asking,
		      const struct execgate_preflight_item *item)
{
	for (int use = 0; use < EXECGATE_PREFLIGHT_USES; use++)
		if (item->use[use] &&
		    !execgate_verdict_cache_has(&asking->cache, &item->st,
						(unsigned int)use))
			return false;
	return true;
}

static void ask_one(size_t index, void *arg)
{
	struct asking *asking = arg;
	struct execgate_preflight_item *item;
	struct execgate_netlink *nl;
	int fd;

	item = &asking->set->items[asking->wanted[index]];
	if (item->error || all_known(asking, item))
		return;
	fd = open(item->open ? item->open : item->path,
		  O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		/* Gone since it was found: a process ended, a file was moved. */
		item->error = errno == ENOENT && !item->role ? 0 : -errno;
		return;
	}
	nl = take_socket(asking);
	if (nl) {
		ask_uses(asking, item, nl, fd);
		give_socket(asking, nl);
	}
	close(fd);
}

static int hash_key(const struct execgate_key *key, void *arg)
{
	EVP_DigestUpdate(arg, key->fingerprint, sizeof(key->fingerprint));
	EVP_DigestUpdate(arg, &key->not_after, sizeof(key->not_after));
	return 0;
}

static int hash_catalog(const struct execgate_loaded_catalog *catalog,
			void *arg)
{
	EVP_DigestUpdate(arg, catalog->name, strlen(catalog->name) + 1);
	EVP_DigestUpdate(arg, &catalog->sequence, sizeof(catalog->sequence));
	EVP_DigestUpdate(arg, &catalog->created_at,
			 sizeof(catalog->created_at));
	EVP_DigestUpdate(arg, &catalog->entries, sizeof(catalog->entries));
	EVP_DigestUpdate(arg, catalog->signer, sizeof(catalog->signer));
	return 0;
}

static int hash_revocation(const struct execgate_revocation *item, void *arg)
{
	EVP_DigestUpdate(arg, item->value, sizeof(item->value));
	EVP_DigestUpdate(arg, item->name, strlen(item->name) + 1);
	return 0;
}

/* The state that an answer depends on besides the file. */
static int find_generation(struct execgate_netlink *nl, uint8_t *out,
			   struct execgate_error *err)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	uint64_t instance = execgate_resume_instance();
	int ret;

	if (!digest || !EVP_DigestInit_ex(digest, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(digest);
		return execgate_error_errno(err, -ENOMEM, "preflight");
	}
	EVP_DigestUpdate(digest, &instance, sizeof(instance));
	ret = execgate_netlink_key_list(nl, hash_key, digest, err);
	if (!ret)
		ret = execgate_netlink_catalog_list(nl, hash_catalog, digest,
						    err);
	if (!ret)
		ret = execgate_netlink_revoke_list(nl, hash_revocation, digest,
						   err);
	EVP_DigestFinal_ex(digest, out, NULL);
	EVP_MD_CTX_free(digest);
	return ret;
}

static void store_verdict(const struct execgate_preflight *set,
			  const uint8_t *generation)
{
	struct execgate_verdict_cache cache = { 0 };
	int64_t now = (int64_t)time(NULL);

	for (size_t i = 0; i < set->count; i++) {
		const struct execgate_preflight_item *item = &set->items[i];

		/* By a folder's name, which may become another's unseen. */
		if (item->placed)
			continue;
		for (unsigned int use = 0; use < EXECGATE_PREFLIGHT_USES; use++)
			if (item->use[use] && !item->error &&
			    item->reason[use] == EXECGATE_REASON_ALLOWED)
				execgate_verdict_cache_add(&cache, &item->st,
							   use, now);
	}
	/* The daemon makes it, if there is one. */
	mkdir(EXECGATE_RUN_DIR, 0755);
	execgate_verdict_cache_store(&cache, EXECGATE_VERDICT_CACHE_FILE,
				     generation);
	execgate_verdict_cache_free(&cache);
}

static bool is_denied(const struct execgate_preflight_item *item)
{
	for (int use = 0; use < EXECGATE_PREFLIGHT_USES; use++)
		if (item->use[use] &&
		    item->reason[use] != EXECGATE_REASON_ALLOWED)
			return true;
	return false;
}

static void count_verdict(const struct asking *asking,
			  struct preflight_result *result)
{
	memset(result, 0, sizeof(*result));
	result->asked = asking->wanted_count;
	for (size_t i = 0; i < asking->wanted_count; i++) {
		const struct execgate_preflight_item *item;
		bool denied;

		item = &asking->set->items[asking->wanted[i]];
		denied = is_denied(item);
		result->denied += denied;
		result->failed += item->error && !denied;
		result->critical += item->role && (denied || item->error);
	}
}

/* Modules, and what is read, only while their gate is on: it can be off in a profile. */
static void choose_jobs(struct asking *asking, bool only_critical,
			uint32_t gates)
{
	struct execgate_preflight_item *item;
	bool asked;

	for (size_t i = 0; i < asking->set->count; i++) {
		item = &asking->set->items[i];
		if (!(gates & EXECGATE_GATE_BIT(EXECGATE_GATE_MODULE)))
			item->use[EXECGATE_PREFLIGHT_MODULE] = false;
		if (!(gates & EXECGATE_GATE_BIT(EXECGATE_GATE_SCRIPT)))
			item->use[EXECGATE_PREFLIGHT_READ] = false;
		asked = false;
		for (int use = 0; use < EXECGATE_PREFLIGHT_USES; use++)
			asked |= item->use[use];
		if (!asked)
			item->error = 0;
		else if (item->role || !only_critical)
			asking->wanted[asking->wanted_count++] = i;
	}
}

static int ask_all(struct asking *asking, bool only_critical, bool cached,
		   const char *progress, struct execgate_error *err)
{
	uint8_t generation[EXECGATE_GENERATION_SIZE];
	struct execgate_status status;
	struct execgate_netlink *nl;
	size_t done;
	int ret;

	ret = execgate_netlink_open(&nl, err);
	if (!ret)
		ret = execgate_netlink_status(nl, &status, err);
	if (!ret)
		ret = find_generation(nl, generation, err);
	if (ret) {
		execgate_netlink_close(nl);
		return ret;
	}
	choose_jobs(asking, only_critical,
		    status.gates.on | asking->set->gates);
	give_socket(asking, nl);
	if (cached)
		execgate_verdict_cache_load(&asking->cache,
					    EXECGATE_VERDICT_CACHE_FILE,
					    generation);
	done = batch_run(asking->wanted_count, 0,
			 progress ? progress : "checking", ask_one, asking);
	if (asking->broken)
		*err = asking->error;
	else if (done < asking->wanted_count)
		return execgate_error_set(err, -EINTR, EXECGATE_EXIT_ERROR,
					  "stopped by a signal: not all was "
					  "asked, so nothing is certain");
	else if (cached)
		store_verdict(asking->set, generation);
	return asking->broken;
}

int preflight_ask(struct execgate_preflight *set, bool only_critical,
		  bool cached, const char *progress,
		  struct preflight_result *result, struct execgate_error *err)
{
	struct asking asking = { .set = set,
				 .lock = PTHREAD_MUTEX_INITIALIZER };
	int ret;

	asking.wanted = calloc(set->count + 1, sizeof(*asking.wanted));
	if (!asking.wanted || set->no_memory) {
		free(asking.wanted);
		return execgate_error_errno(err, -ENOMEM,
					    "cannot look at the system");
	}
	ret = ask_all(&asking, only_critical, cached, progress, err);
	count_verdict(&asking, result);
	while (asking.idle_count)
		execgate_netlink_close(asking.idle[--asking.idle_count]);
	execgate_verdict_cache_free(&asking.cache);
	free(asking.wanted);
	return ret;
}

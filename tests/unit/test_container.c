// SPDX-License-Identifier: GPL-2.0
#include <sys/stat.h>

#include "lib/events/container.h"
#include "lib/events/host_path.h"
#include "lib_support.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The paths are as the managers made them on Debian 13. */
static const struct {
	const char *why;
	const char *path;
	const char *unit;
	const char *user_unit;
	const char *container;
	const char *runtime;
} places[] = {
	{ "none", "", "", "", "", "" },
	{ "the root", "/", "", "", "", "" },
	{ "a service", "/system.slice/cron.service", "cron.service", "", "",
	  "" },
	{ "an instance", "/system.slice/system-getty.slice/getty@tty1.service",
	  "getty@tty1.service", "", "", "" },
	{ "below a service", "/system.slice/systemd-udevd.service/udev",
	  "systemd-udevd.service", "", "", "" },
	{ "a slice alone", "/system.slice", "", "", "", "" },
	{ "the manager", "/init.scope", "init.scope", "", "", "" },
	{ "a session", "/user.slice/user-1000.slice/session-3.scope",
	  "session-3.scope", "", "", "" },
	{ "a user's service",
	  "/user.slice/user-1000.slice/user@1000.service/app.slice/mail.service",
	  "user@1000.service", "mail.service", "", "" },
	{ "escaped", "/system.slice/_cpu.service", "cpu.service", "", "", "" },
	{ "no manager", "/batch/job1", "", "", "", "" },
	{ "podman", "/machine.slice/libpod-" ID ".scope/container",
	  "libpod-" ID ".scope", "", ID, "podman" },
	{ "its monitor is not in it",
	  "/machine.slice/libpod-conmon-" ID ".scope",
	  "libpod-conmon-" ID ".scope", "", "", "" },
	{ "podman of a unit", "/system.slice/web.service/libpod-payload-" ID,
	  "web.service", "", ID, "podman" },
	{ "rootless",
	  "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID
	  ".scope/container",
	  "user@1000.service", "libpod-" ID ".scope", ID, "podman" },
	{ "podman without systemd", "/libpod_parent/libpod-" ID, "", "", ID,
	  "podman" },
	{ "docker", "/system.slice/docker-" ID ".scope", "docker-" ID ".scope",
	  "", ID, "docker" },
	{ "docker without systemd", "/docker/" ID, "", "", ID, "docker" },
	{ "the id alone is none", "/batch/" ID, "", "", "", "" },
	{ "a container in one",
	  "/system.slice/docker-" ID ".scope/docker/" OTHER,
	  "docker-" ID ".scope", "", ID, "docker" },
	{ "kubernetes",
	  "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/"
	  "cri-containerd-" ID ".scope",
	  "cri-containerd-" ID ".scope", "", ID, "containerd" },
	{ "CRI-O", "/kubepods.slice/crio-" ID ".scope", "crio-" ID ".scope", "",
	  ID, "cri-o" },
	{ "LXC", "/lxc.payload.web/system.slice/cron.service", "", "", "web",
	  "lxc" },
	{ "its monitor", "/lxc.monitor.web", "", "", "", "" },
	{ "systemd-nspawn, as a service",
	  "/machine.slice/systemd-nspawn@web.service/payload",
	  "systemd-nspawn@web.service", "", "web", "systemd-nspawn" },
	{ "systemd-nspawn", "/machine.slice/machine-my\\x2dweb.scope/payload",
	  "machine-my\\x2dweb.scope", "", "my-web", "machined" },
	{ "an id with one digit too few",
	  "/machine.slice/libpod-123456789abcdef0123456789abcdef0123456789abcdef"
	  "0123456789abcdef.scope",
	  "libpod-123456789abcdef0123456789abcdef0123456789abcdef0123456789"
	  "abcdef.scope",
	  "", "", "" },
	{ "a folder that plays one of systemd's units",
	  "/system.slice/web.service/sshd.service", "web.service", "", "", "" },
};

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct execgate_event event = { .sequence = 1 };

		/* Nothing of an earlier look stays. */
		strcpy(event.unit, "old.service");
		strcpy(event.user_unit, "old.service");
		strcpy(event.container, "old");
		strcpy(event.container_runtime, "old");
		strcpy(event.cgroup_path, places[i].path);
		execgate_container_find(&event);
		print_message("%s\n", places[i].why);
		assert_string_equal(event.unit, places[i].unit);
		assert_string_equal(event.user_unit, places[i].user_unit);
		assert_string_equal(event.container, places[i].container);
		assert_string_equal(event.container_runtime, places[i].runtime);
	}
}

/* The last name of a path that may be cut is not taken for a whole one. */
static void test_cut(void **state)
{
	struct execgate_event event = { .cgroup_path = "/system.slice/" };
	size_t size;

	(void)state;
	for (size = strlen(event.cgroup_path); size < EXECGATE_CGROUP_MAX;
	     size++)
		event.cgroup_path[size] = size % 200 ? 'n' : '/';
	memcpy(event.cgroup_path + EXECGATE_CGROUP_MAX - 10, "/x.service", 10);
	execgate_container_find(&event);
	assert_string_equal(event.unit, "");
	strcpy(event.cgroup_path, "/lxc.payload.web/");
	for (size = strlen(event.cgroup_path); size < EXECGATE_CGROUP_MAX;
	     size++)
		event.cgroup_path[size] = '/';
	execgate_container_find(&event);
	assert_string_equal(event.container, "web");
}

static void write_state(const char *path, const char *text)
{
	char full[512], command[600];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", dir, path);
	snprintf(command, sizeof(command), "mkdir -p $(dirname %s)", full);
	assert_int_equal(system(command), 0);
	file = fopen(full, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

#define PODMAN "/var/lib/containers/storage/overlay-containers/"
#define DOCKER "/var/lib/docker/containers/" ID "/config.v2.json"

static struct execgate_event of_runtime(const char *runtime, const char *id)
{
	struct execgate_event event = { .sequence = 1 };

	strcpy(event.container, id);
	strcpy(event.container_runtime, runtime);
	return event;
}

static void expect_image(const struct execgate_event *event, const char *name,
			 const char *image, const char *id)
{
	assert_string_equal(event->container_name, name);
	assert_string_equal(event->image, image);
	assert_string_equal(event->image_id, id);
}

static void test_images(void **state)
{
	struct execgate_event podman = of_runtime("podman", ID);
	struct execgate_event once = of_runtime("podman", OTHER);
	struct execgate_event docker = of_runtime("docker", ID);
	struct execgate_event crio = of_runtime("cri-o", ID);
	struct execgate_images images = { 0 }, others = { 0 };

	(void)state;
	write_state(PODMAN "containers.json",
		    "[{\"id\":\"feed\"},{\"id\":\"" ID "\",\"names\":[\"web\"],"
		    "\"image\":\"cafe\",\"layer\":\"beef\",\"metadata\":\"{"
		    "\\\"image-name\\\":\\\"docker.io/library/nginx:1\\\"}\"}]");
	write_state(PODMAN "volatile-containers.json",
		    "[{\"id\":\"" OTHER "\",\"names\":[\"once\"],"
		    "\"image\":\"cafe\",\"metadata\":\"{}\"}]");
	write_state(DOCKER,
		    "{\"ID\":\"" ID "\",\"Name\":\"/db\",\"Image\":"
		    "\"sha256:12\",\"Config\":{\"Image\":\"postgres\"}}");
	execgate_images_find(&images, dir, &podman);
	expect_image(&podman, "web", "docker.io/library/nginx:1", "cafe");
	execgate_images_find(&images, dir, &once);
	expect_image(&once, "once", "", "cafe");
	execgate_images_find(&others, dir, &docker);
	expect_image(&docker, "db", "postgres", "sha256:12");

	/* It is known from now on, when podman has removed it. */
	write_state(PODMAN "containers.json", "[]");
	podman = of_runtime("podman", ID);
	assert_true(execgate_images_recall(&images, &podman));
	expect_image(&podman, "web", "docker.io/library/nginx:1", "cafe");
	execgate_images_find(&(struct execgate_images){ 0 }, dir, &crio);
	expect_image(&crio, "", "", "");
}

/* Files that are not as they should be say nothing. */
static void test_hostile_images(void **state)
{
	static const char *const states[] = {
		"",
		"{",
		"{}",
		"7",
		"[7]",
		"[{\"id\":7}]",
		"[[]]",
		"[{\"id\":\"" ID "\"}]",
		"[{\"id\":\"" ID "\",\"names\":\"x\",\"metadata\":7}]",
		"[{\"id\":\"" ID "\",\"names\":[[]],\"image\":{},"
		"\"metadata\":\"{\\\"image-name\\\":[]}\"}]",
		"[{\"id\":\"" ID "\",\"metadata\":\"[\"}]",
	};
	char name[EXECGATE_CONTAINER_MAX + 2], text[512];
	struct execgate_event event;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		struct execgate_images images = { 0 };

		write_state(PODMAN "containers.json", states[i]);
		write_state(DOCKER, states[i]);
		event = of_runtime("podman", ID);
		execgate_images_find(&images, dir, &event);
		expect_image(&event, "", "", "");
		event = of_runtime("docker", ID);
		execgate_images_find(&(struct execgate_images){ 0 }, dir,
				     &event);
		expect_image(&event, "", "", "");
	}
	/* A name that is too long is left out, and not cut. */
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(text, sizeof(text),
		 "[{\"id\":\"" ID "\",\"names\":[\"%s\"],\"image\":\"cafe\"}]",
		 name);
	write_state(PODMAN "containers.json", text);
	event = of_runtime("podman", ID);
	execgate_images_find(&(struct execgate_images){ 0 }, dir, &event);
	expect_image(&event, "", "", "cafe");
}

/* Whoever starts many does not make the memory of them grow. */
static void test_many_images(void **state)
{
	static char text[64 * 1024];
	struct execgate_images images = { 0 };
	struct execgate_event event;
	char id[65];
	size_t used = 0;

	(void)state;
	for (unsigned int i = 0; i < 2 * EXECGATE_IMAGES_KNOWN; i++)
		used += (size_t)
			snprintf(text + used, sizeof(text) - used,
				 "%c{\"id\":\"%064x\",\"names\":[\"c%u\"]}",
				 i ? ',' : '[', i, i);
	strcpy(text + used, "]");
	write_state(PODMAN "containers.json", text);
	for (unsigned int i = 0; i < 2 * EXECGATE_IMAGES_KNOWN; i++) {
		snprintf(id, sizeof(id), "%064x", i);
		event = of_runtime("podman", id);
		execgate_images_find(&images, dir, &event);
		assert_int_equal(event.container_name[0], 'c');
	}
	event = of_runtime("podman", id);
	assert_true(execgate_images_recall(&images, &event));
	snprintf(id, sizeof(id), "%064x", 0);
	event = of_runtime("podman", id);
	assert_false(execgate_images_recall(&images, &event));
	event = of_runtime("podman", "");
	assert_false(execgate_images_recall(&images, &event));
}

static const struct {
	const char *why;
	const char *container;
	const char *name;
	const char *wanted;
	bool is;
} containers[] = {
	{ "the id", ID, "web", ID, true },
	{ "the beginning of the id", ID, "web", "0123", true },
	{ "another part of it", ID, "web", "123", false },
	{ "more than the id", ID, "web", ID "0", false },
	{ "the name", ID, "web", "web", true },
	{ "a part of the name", ID, "web", "we", false },
	{ "nothing", ID, "web", "", false },
	{ "a name for an id", "web2", "", "web2", true },
	{ "a part of it", "web2", "", "web", false },
	{ "none", "", "", "web", false },
	{ "none, and nothing", "", "", "", false },
};

static const struct {
	const char *unit;
	const char *user_unit;
	const char *wanted;
	bool is;
} units[] = {
	{ "web.service", "", "web.service", true },
	{ "web.service", "", "web", true },
	{ "web.service", "", "we", false },
	{ "web.service", "", "we*", true },
	{ "web.scope", "", "web", false },
	{ "web.scope", "", "web.scope", true },
	{ "my\\x2dweb.service", "", "my\\x2dweb", true },
	{ "user@1000.service", "mail.service", "mail", true },
	{ "user@1000.service", "", "", false },
	{ "", "", "*", false },
};

static void test_wanted(void **state)
{
	char huge[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(containers); i++) {
		struct execgate_event event =
			of_runtime("podman", containers[i].container);

		strcpy(event.container_name, containers[i].name);
		if (execgate_container_is(&event, containers[i].wanted) !=
		    containers[i].is)
			fail_msg("%s", containers[i].why);
	}
	memset(huge, 'u', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		struct execgate_event event = { .sequence = 1 };

		strcpy(event.unit, units[i].unit);
		strcpy(event.user_unit, units[i].user_unit);
		if (execgate_unit_is(&event, units[i].wanted) != units[i].is)
			fail_msg("%s: %s", units[i].unit, units[i].wanted);
		assert_false(execgate_unit_is(&event, huge));
	}
}

static void test_words(void **state)
{
	struct execgate_event event = of_runtime("podman", ID);
	char words[EXECGATE_CONTAINER_WORDS_SIZE];

	(void)state;
	assert_string_equal(execgate_container_words(&event, words),
			    "0123456789ab");
	strcpy(event.container_name, "a b");
	strcpy(event.image, "nginx:1\n");
	assert_string_equal(execgate_container_words(&event, words),
			    "a\\x20b (nginx:1\\x0a)");
	memset(event.container_name, '\n', EXECGATE_CONTAINER_MAX);
	memset(event.image, '\n', EXECGATE_IMAGE_MAX);
	assert_int_equal(strlen(execgate_container_words(&event, words)),
			 4 * (EXECGATE_CONTAINER_MAX + EXECGATE_IMAGE_MAX) + 3);
	event = of_runtime("", "");
	strcpy(event.image, "nobody's");
	assert_string_equal(execgate_container_words(&event, words), "");
}

/* As /proc/self/mountinfo has them. */
static const char mountinfo[] =
	"20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
	"21 20 0:30 / /tmp rw - tmpfs tmpfs rw\n"
	"22 20 8:1 /srv /export rw - ext4 /dev/sda1 rw\n"
	"23 20 8:2 /@data /data\\040one rw - btrfs /dev/sda2 rw\n"
	"24 20 8:2 /@data/inner /inner rw - btrfs /dev/sda2 rw\n";

static const struct {
	const char *why;
	uint64_t major, minor;
	const char *real_path;
	const char *path;
	const char *host_path;
} paths[] = {
	{ "the same", 8, 1, "/bin/x", "/bin/x", "" },
	{ "a chroot", 8, 1, "/srv/c/bin/x", "/bin/x", "/srv/c/bin/x" },
	{ "not on the first disk", 0, 30, "/u/root/x", "/x", "/tmp/u/root/x" },
	{ "a part of a disk, with a space", 8, 2, "/@data/x", "/x",
	  "/data one/x" },
	{ "the widest mount of it", 8, 2, "/@data/inner/x", "/x",
	  "/data one/inner/x" },
	{ "what is not mounted", 8, 2, "/@home/x", "/x", "" },
	{ "a name that begins alike", 8, 2, "/@database/x", "/x", "" },
	{ "another disk", 8, 3, "/x", "/y", "" },
	{ "nothing told", 8, 1, "", "/y", "" },
};

static void test_host_paths(void **state)
{
	char file[128];
	struct libmnt_table *mounts;

	(void)state;
	write_state("/mountinfo", mountinfo);
	snprintf(file, sizeof(file), "%s/mountinfo", dir);
	mounts = execgate_host_mounts_read(file);
	assert_non_null(mounts);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct execgate_event event = {
			.real_dev = paths[i].major << 20 | paths[i].minor,
			.host_path = "/old",
		};

		print_message("%s\n", paths[i].why);
		strcpy(event.real_path, paths[i].real_path);
		strcpy(event.path, paths[i].path);
		execgate_host_path_find(mounts, &event);
		assert_string_equal(event.host_path, paths[i].host_path);
		execgate_host_path_find(NULL, &event);
		assert_string_equal(event.host_path, "");
	}
	execgate_host_mounts_free(mounts);
	assert_null(execgate_host_mounts_read("/nowhere/mountinfo"));
	execgate_host_mounts_free(NULL);
}

/* Both are as long as can be; what does not fit is not told by halves. */
static void test_long_host_path(void **state)
{
	struct execgate_event event = { .real_dev = 30, .real_path = "/" };
	struct libmnt_table *mounts;
	char file[128];

	(void)state;
	write_state("/mountinfo", mountinfo);
	snprintf(file, sizeof(file), "%s/mountinfo", dir);
	mounts = execgate_host_mounts_read(file);
	memset(event.real_path + 1, 'x', EXECGATE_PATH_MAX - 1 - 4);
	execgate_host_path_find(mounts, &event);
	assert_int_equal(strlen(event.host_path), EXECGATE_PATH_MAX);
	event.real_path[EXECGATE_PATH_MAX - 4] = 'x';
	execgate_host_path_find(mounts, &event);
	assert_string_equal(event.host_path, "");
	execgate_host_mounts_free(mounts);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_cut),
		cmocka_unit_test_setup_teardown(test_images, make_dir,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_hostile_images, make_dir,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_many_images, make_dir,
						remove_dir),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_words),
		cmocka_unit_test_setup_teardown(test_host_paths, make_dir,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_long_host_path, make_dir,
						remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

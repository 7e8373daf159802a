#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""schemas.py ecs|ocsf FILE: are the objects in FILE, one a line, of the public schema?

The names and types below are facts of the schemas, for the parts that a denial can have:
ECS 8.5.0 (github.com/elastic/ecs, schemas/*.yml) and OCSF 1.5.0 (github.com/ocsf/ocsf-schema,
class Detection Finding with profiles host and security_control). They are more than we
write, and were not made from our table.
"""

import json
import re
import sys

ECS = {
    "date": "@timestamp event.created event.end event.ingested event.start file.accessed "
            "file.created file.ctime file.mtime process.start",
    "keyword": "ecs.version event.action event.category event.code event.dataset event.hash "
               "event.id event.kind event.module event.original event.outcome event.provider "
               "event.reason event.reference event.timezone event.type event.url "
               "file.attributes file.code_signature.signing_id "
               "file.code_signature.status file.code_signature.subject_name "
               "file.code_signature.team_id file.device file.directory file.extension "
               "file.gid file.group file.hash.md5 file.hash.sha1 file.hash.sha256 "
               "file.hash.sha512 file.inode file.mime_type file.mode file.name file.owner "
               "file.path file.target_path file.type file.uid host.architecture host.domain "
               "host.hostname host.id host.name host.type log.level log.logger "
               "observer.hostname observer.name observer.product observer.serial_number "
               "observer.type observer.vendor observer.version process.args "
               "process.command_line process.entity_id process.executable process.name "
               "process.thread.name process.title process.working_directory user.domain "
               "container.id container.image.name container.image.tag container.name "
               "container.runtime "
               "user.email user.full_name user.hash user.id user.name",
    "text": "message",
    "long": "event.duration event.sequence event.severity file.size process.args_count "
            "process.exit_code process.parent.pid process.pgid process.pid process.thread.id "
            "process.uptime",
    "boolean": "file.code_signature.exists file.code_signature.trusted "
               "file.code_signature.valid",
}
ECS_VALUES = {
    "event.kind": {"alert", "enrichment", "event", "metric", "state", "pipeline_error",
                   "signal"},
    "event.outcome": {"failure", "success", "unknown"},
    # The types that go with the category.
    "event.category": {"intrusion_detection"},
    "event.type": {"allowed", "denied", "info"},
}
ECS_NEEDED = ("@timestamp", "ecs.version", "message", "event.kind", "event.category",
              "event.type", "event.outcome")

# "!": required; a name behind a colon: an object; "[]": a list.
OCSF = {
    "detection_finding": "action action_id:int activity_id:int! activity_name category_name "
                         "category_uid:int! class_name class_uid:int! confidence "
                         "confidence_id:int count:int device:device disposition "
                         "disposition_id:int end_time:int evidences:evidences[] "
                         "finding_info:finding_info! is_alert:bool message metadata:metadata! "
                         "severity severity_id:int! start_time:int status status_code "
                         "status_detail status_id:int time:int! timezone_offset:int "
                         "type_name type_uid:int! unmapped:any",
    "evidences": "actor:any data:any file:file process:process",
    "file": "accessed_time:int created_time:int desc hashes:fingerprint[] mime_type "
            "modified_time:int name! parent_folder path size:int type type_id:int! uid "
            "version",
    "fingerprint": "algorithm algorithm_id:int! value!",
    "process": "cmd_line created_time:int file:file name parent_process:process pid:int "
               "tid:int uid user:user",
    "user": "domain email_addr full_name name type type_id:int uid",
    "finding_info": "analytic:analytic created_time:int data_sources:str[] desc "
                    "first_seen_time:int last_seen_time:int modified_time:int product_uid "
                    "src_url title! types:str[] uid!",
    "analytic": "category desc name type type_id:int! uid version",
    "metadata": "correlation_uid event_code labels:str[] log_level log_name log_provider "
                "log_version logged_time:int original_time product:product! "
                "profiles:str[] sequence:int tenant_uid uid version!",
    "product": "feature:any lang name path uid url_string vendor_name! version",
    "device": "desc domain hostname ip mac name os:any type type_id:int! uid",
}
OCSF_IDS = {
    "action_id": {0: "Unknown", 1: "Allowed", 2: "Denied"},
    "disposition_id": {1: "Allowed", 2: "Blocked", 15: "Detected", 17: "Logged"},
    "severity_id": {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"},
    "status_id": {1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved"},
}


def leaves(value, path=""):
    """(dotted path, value) of everything in an object that is not one."""
    for key, inner in value.items():
        name = f"{path}.{key}" if path else key
        if isinstance(inner, dict):
            yield from leaves(inner, name)
        else:
            yield name, inner


def is_ecs(kind, value):
    """Is it a value of the kind?"""
    if kind == "date":
        return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", str(value))
    if kind == "long":
        return type(value) is int and -2**63 <= value < 2**63
    if kind == "boolean":
        return type(value) is bool
    return all(isinstance(v, str) for v in (value if isinstance(value, list) else [value]))


def check_ecs(event):
    """Each sentence on what is not of ECS."""
    kinds = {name: kind for kind, names in ECS.items() for name in names.split()}
    found = dict(leaves(event))
    for name, value in found.items():
        # Fields of one's own stand under a name that is nobody else's.
        if name.startswith("execgate."):
            continue
        if name not in kinds:
            yield f"{name} is not a field of ECS"
        elif not is_ecs(kinds[name], value):
            yield f"{name} is {value!r}, not of type {kinds[name]}"
        for one in value if isinstance(value, list) else [value]:
            if name in ECS_VALUES and one not in ECS_VALUES[name]:
                yield f"{name} is {one!r}"
    for name in ECS_NEEDED:
        if name not in found:
            yield f"{name} is not there"


def check_value(kind, value, where):
    """Each sentence on a value that is not of the kind."""
    if kind.endswith("[]"):
        if not isinstance(value, list) or not value:
            yield f"{where} is not a list of any"
        else:
            for one in value:
                yield from check_value(kind[:-2], one, where)
    elif kind in OCSF:
        yield from check_object(kind, value, where)
    elif kind != "any":
        wanted = {"int": int, "bool": bool, "str": str}[kind]
        # pylint: disable-next=unidiomatic-typecheck
        if type(value) is not wanted:
            yield f"{where} is {value!r}, not {kind}"


def check_object(name, value, where):
    """Each sentence on what is not of the object."""
    fields = {}
    for text in OCSF[name].split():
        key, _, kind = text.rstrip("!").partition(":")
        fields[key] = kind or "str"
        if text.endswith("!") and key not in value:
            yield f"{where}.{key} is required"
    for key, inner in value.items():
        if key not in fields:
            yield f"{where}.{key} is not of {name}"
        else:
            yield from check_value(fields[key], inner, f"{where}.{key}")


def check_ocsf(event):
    """Each sentence on what is not of OCSF."""
    yield from check_object("detection_finding", event, "finding")
    if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"]:
        yield "type_uid is not that of class and activity"
    if event["class_uid"] // 1000 != event["category_uid"]:
        yield "class_uid is not of the category"
    for key, names in OCSF_IDS.items():
        if names.get(event[key]) != event[key[:-3]]:
            yield f"{key} {event[key]} is not called {event[key[:-3]]}"
    if not 10**12 < event["time"] < 10**13:
        yield "time is not in milliseconds"


def main():
    """Print what is wrong."""
    check = {"ecs": check_ecs, "ocsf": check_ocsf}[sys.argv[1]]
    with open(sys.argv[2], encoding="ascii") as file:
        events = [json.loads(line) for line in file]
    wrong = [text for event in events for text in check(event)]
    if not events:
        wrong.append("no event")
    print(*wrong, sep="\n")
    return bool(wrong)


sys.exit(main())

#!/usr/bin/env python3
"""Verifies a ledger of format 1 without the program that wrote it.

Written from the description of the format alone, with Python's standard library and the `openssl` command (for Ed25519).

    verify.py LEDGER            exit 0: every record, root, signature, tile and object holds
                                exit 1: something does not; each finding is a line on standard output
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

SEGMENT = 65536
MAX_LINE = 64 * 1024
KEYS = ["v", "seq", "at", "mono_us", "boot", "run", "mode", "actor", "by", "occurred", "basis", "type", "body"]
OBJECT = re.compile(rb'\{"object":"sha256:([0-9a-f]{64})","size":([0-9]+)\}')
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d")

found = []


def say(text):
    found.append(text)
    print(text)


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf(line):
    return sha256(b"\x00" + line)


def node(left, right):
    return sha256(b"\x01" + left + right)


def root(hashes):
    """RFC 6962, 2.1, by its definition: split at the largest power of two below the number of leaves."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(root(hashes[:split]), root(hashes[split:]))


class Key:
    """`<name>+<8 hex>+<base64 of 0x01 || Ed25519 public key>`"""

    def __init__(self, vkey):
        self.text = vkey
        self.name, identifier, encoded = vkey.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        if len(raw) != 33 or raw[0] != 1:
            raise ValueError("not an Ed25519 key")
        self.identifier = sha256(self.name.encode() + b"\n" + raw)[:4]
        if self.identifier.hex() != identifier:
            raise ValueError("the id is not that of the key")
        # SubjectPublicKeyInfo of Ed25519 (RFC 8410): a fixed head, then the key.
        self.der = bytes.fromhex("302a300506032b6570032100") + raw[1:]

    def verifies(self, text, signature):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("key.der", "text", "signature")]
            for path, data in zip(paths, (self.der, text, signature)):
                with open(path, "wb") as file:
                    file.write(data)
            command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
            command += ["-inkey", paths[0], "-in", paths[1], "-sigfile", paths[2]]
            return subprocess.run(command, capture_output=True).returncode == 0


def read(*parts):
    try:
        with open(os.path.join(*parts), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def listed(*parts):
    path = os.path.join(*parts)
    return sorted(os.listdir(path)) if os.path.isdir(path) else []


def read_log(ledger):
    """The lines of all segments, without their LF."""
    lines = []
    names = [name for name in listed(ledger, "log") if re.fullmatch(r"\d{6,}\.jsonl", name)]
    for number, name in enumerate(names):
        if name != f"{number + 1:06}.jsonl":
            say(f"log: {name} where {number + 1:06}.jsonl should be")
        data = read(ledger, "log", name)
        whole = data.split(b"\n")
        if whole[-1]:
            say(f"log/{name}: {len(whole[-1])} bytes of a torn line")
        last = number == len(names) - 1
        if len(whole) - 1 > SEGMENT or (not last and len(whole) - 1 != SEGMENT):
            say(f"log/{name}: {len(whole) - 1} records")
        lines += whole[:-1]
    return lines


def once(pairs):
    """A JSON object in which no key stands twice."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError("a key stands twice")
    return dict(pairs)


def check_lines(lines):
    """Envelopes; gives the objects that records name, and those taken out."""
    named, redacted = {}, set()
    for number, line in enumerate(lines):
        where = f"record {number}"
        try:
            record = json.loads(line.decode("utf-8"), object_pairs_hook=once)
        except ValueError as error:
            say(f"{where}: not JSON: {error}")
            continue
        if not isinstance(record, dict) or list(record) != KEYS or record["v"] != 1:
            say(f"{where}: not the keys of a record of version 1 in their order")
            continue
        if record["seq"] != number:
            say(f"{where}: says that it is record {record['seq']}")
        if len(line) > MAX_LINE:
            say(f"{where}: {len(line)} bytes")
        if not TIME.fullmatch(record["at"]):
            say(f"{where}: not a time: {record['at']}")
        if (number == 0) != (record["type"] == "ledger-created"):
            say(f"{where}: `ledger-created` is record 0 and no other")
        for digest, size in OBJECT.findall(line):
            named.setdefault((digest.decode(), int(size)), number)
        if record["type"] == "redacted":
            redacted |= {item["object"].split(":")[1] for item in record["body"]["objects"]}
    return named, redacted


def check_objects(ledger, named, redacted):
    for (digest, size), number in named.items():
        data = read(ledger, "objects", "sha256", digest[:2], digest)
        if data is None:
            if digest not in redacted:
                say(f"record {number}: object sha256:{digest} is missing")
        elif len(data) != size or sha256(data).hex() != digest:
            say(f"record {number}: object sha256:{digest} is not what its name says")


def check_note(data, key, size):
    """The root that a checkpoint of `size` states, if its signature is good."""
    text, separator, signatures = data.decode("utf-8").rpartition("\n\n")
    if not separator:
        raise ValueError("not a signed note")
    text += "\n"
    origin, count, encoded = text.split("\n")[:3]
    if origin != key.name or count != str(size):
        raise ValueError("not of this ledger and size")
    for line in signatures.splitlines():
        dash, name, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        if dash == "\u2014" and name == key.name and raw[:4] == key.identifier:
            if key.verifies(text.encode(), raw[4:]):
                return base64.b64decode(encoded, validate=True)
    raise ValueError("no good signature of the ledger's key")


def check_checkpoints(ledger, lines, leaves):
    created = json.loads(lines[0])["body"]
    key = Key(created["vkey"])
    if key.name != created["origin"]:
        say("record 0: the key has another name than the ledger")
    kept = read(ledger, "keys", key.identifier.hex() + ".vkey")
    if kept is None or kept.decode().strip() != key.text:
        say("keys: not the key of record 0")
    signed = 0
    newest = None
    for size in sorted(int(name) for name in listed(ledger, "checkpoints") if re.fullmatch("0|[1-9][0-9]*", name)):
        newest = read(ledger, "checkpoints", str(size))
        try:
            stated = check_note(newest, key, size)
        except ValueError as error:
            say(f"checkpoints/{size}: {error}")
            continue
        if size > len(leaves):
            say(f"checkpoints/{size}: the log has only {len(leaves)} records")
        elif stated != root(leaves[:size]):
            say(f"checkpoints/{size}: the root is not that of the log")
        else:
            signed = size
    if read(ledger, "checkpoint") != newest:
        say("checkpoint: not the newest of checkpoints/")
    return key.name, signed


def check_tiles(ledger, leaves):
    """Every tile that is there: hashes of subtrees of 256 to the power of its level leaves."""
    top = os.path.join(ledger, "tile")
    levels = [leaves]
    while len(levels[-1]) >= 256:
        below = levels[-1]
        levels.append([root(below[n : n + 256]) for n in range(0, len(below) - 255, 256)])
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), top)
            match = re.fullmatch(r"(\d+)/((?:x\d{3}/)*\d{3})(?:\.p/(\d+))?", path)
            if not match:
                continue
            level, width = int(match[1]), int(match[3] or 256)
            index = int(match[2].replace("x", "").replace("/", ""))
            hashes = levels[level][index * 256 : index * 256 + width] if level < len(levels) else []
            if len(hashes) != width or read(top, path) != b"".join(hashes):
                say(f"tile/{path}: not of this log")


def main():
    ledger = sys.argv[1]
    lines = read_log(ledger)
    if not lines:
        say("no record")
        return 1
    named, redacted = check_lines(lines)
    check_objects(ledger, named, redacted)
    leaves = [leaf(line) for line in lines]
    origin, signed = check_checkpoints(ledger, lines, leaves)
    check_tiles(ledger, leaves)
    print(f"{origin} {len(lines)} {base64.b64encode(root(leaves)).decode()} signed {signed}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Finds every number of row 9 again in a ledger, without ungpho: log lines, objects and the document's JSON only.

usage: row9.py LEDGER TASKS.json FROM TO
"""
import datetime
import hashlib
import json
import pathlib
import sys

ledger, document, first, last = pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2])), sys.argv[3], sys.argv[4]
log = [json.loads(line) for segment in sorted((ledger / "log").glob("*.jsonl")) for line in segment.read_bytes().splitlines()]
assert [record["seq"] for record in log] == list(range(len(log)))


def words(ref):
    """The words of an object, whose digest is made again."""
    name = ref["object"].removeprefix("sha256:")
    data = (ledger / "objects" / "sha256" / name[:2] / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == name and len(data) == ref["size"]
    return data, data.split(b"\n", 1)[-1].decode()


def day(record):
    moment = datetime.datetime.fromisoformat(record["occurred"] or record["at"])
    return moment.astimezone(datetime.timezone(datetime.timedelta(hours=7))).date()


def date(day):
    return f"{day.day:02}/{day.month:02}/{day.year}" if day.month <= 2 else f"{day.day:02}/{day.month}/{day.year}"


def count(number):
    return f"{number:02}" if 0 < number < 10 else f"{number:,}".replace(",", ".")


def time(seconds):
    parts = [(seconds // 3600, "giờ"), (seconds % 3600 // 60, "phút"), (seconds % 60, "giây")]
    return " ".join(f"{count(value)} {unit}" for value, unit in parts if value) or "0 giây"


def within(day):
    return first <= day.isoformat() <= last


of = lambda kind: [record for record in log if record["type"] == kind]
expected = {}

# Playbooks in force.
gone = {record["body"].get("replaces") for record in of("activity")}
issued = {}
for record in of("document-issued"):
    body = record["body"]
    if record["seq"] in gone:
        continue
    issued[(body["document"], record["run"] or body.get("subject"))] = record
playbooks = [r for (kind, _), r in issued.items() if kind == "playbook" and r["body"]["date"] <= last]
if playbooks:
    expected["playbooks.count"] = count(len(playbooks))
    expected["playbooks.fault"] = count(sum(r["body"]["family"] in "BC" for r in playbooks))
    expected["playbooks.attack"] = count(sum(r["body"]["family"] == "A" for r in playbooks))
    for record in playbooks:
        expected[f"playbooks.{record['body']['subject']}.number"] = words(record["body"]["number"])[1]

# Drills with minutes that people took part in.
voided = {record["run"] for record in of("run-voided")}
ended = {record["run"] for record in of("run-ended")}
counted = []
for started in of("run-started"):
    body, run = started["body"], started["run"]
    fits = body["kind"] == "drill" and body["people"] == "console" and not body["test_clock"]
    if fits and run in ended - voided and within(day(started)) and ("minutes", run) in issued:
        counted.append(started)
if counted:
    family = lambda started: json.loads(words(started["body"]["plan"])[0])["family"]
    ways = {"tabletop": 0, "lab": 0, "technical": 0, "live": 0}
    people = 0
    for started in counted:
        run, way = started["run"], started["mode"]
        ways["lab" if way == "technical" and started["body"]["lab"] else way] += 1
        mine = [record for record in log if record["run"] == run]
        people += len({
            record["actor"] for record in mine
            if record["basis"] != "machine" and record["actor"] != "engine"
            and record["type"] not in ("document-issued", "activity", "corrected", "signed", "action-opened", "action-closed")
        })
        steps = {r["body"]["step"]: r["body"]["outcome"] for r in mine if r["type"] == "step-ended" and r["body"]["attempt"] > 0}
        done = sum(outcome == "done" for outcome in steps.values())
        head = f"drills.{run}"
        expected[f"{head}.day"] = date(day(started))
        expected[f"{head}.steps"] = f"{count(done)}/{count(len(steps))}"
        minutes = issued[("minutes", run)]
        expected[f"{head}.minutes"] = words(minutes["body"]["number"])[1]
        for record in mine:
            if record["type"] == "concluded":
                expected[f"{head}.conclusion"] = {"passed": "đạt", "failed": "không đạt"}[record["body"]["verdict"]]
            if record["type"] == "clock-stopped" and way != "tabletop":
                expected[f"{head}.clock.{record['body']['clock']}"] = time(record["body"]["seconds"])
    expected["drills.count"] = count(len(counted))
    expected.update({f"drills.{way}": count(number) for way, number in ways.items() if number})
    expected["drills.fault"] = count(sum(family(started) in "BC" for started in counted))
    expected["drills.attack"] = count(sum(family(started) == "A" for started in counted))
    expected["drills.people"] = count(people)

    # What people noted to fall short in these drills, and what is done about it.
    runs = {started["run"] for started in counted}
    gaps = [r for r in of("noted") if r["run"] in runs and r["body"].get("finding") == "gap"]
    if gaps:
        expected["drills.gaps"] = count(len(gaps))
        for record in gaps:
            expected[f"drills.{record['run']}.gap.{record['seq']}"] = words(record["body"]["text"])[1]
    closed = {}
    for record in of("action-closed"):
        if not record["body"].get("retest"):
            closed[record["body"]["action"]] = record
    actions = [r for r in of("action-opened") if r["run"] in runs and day(r).isoformat() <= last]
    if actions:
        done = [r for r in actions if r["seq"] in closed and day(closed[r["seq"]]).isoformat() <= last]
        expected["actions.count"] = count(len(actions))
        expected["actions.done"] = count(len(done))
        for record in actions:
            head = f"actions.{record['seq']}"
            expected[f"{head}.what"] = words(record["body"]["what"])[1]
            expected[f"{head}.due"] = date(datetime.date.fromisoformat(record["body"]["due"]))
            if record in done:
                expected[f"{head}.done"] = date(day(closed[record["seq"]]))

# Drills that papers tell of.
papers = [r for r in of("activity") if r["body"]["kind"] == "drill" and r["seq"] not in gone and first <= r["body"]["date"] <= last]
if papers:
    expected["drills.papers"] = count(len(papers))
    for record in papers:
        head = f"drill.{record['seq']}"
        expected[f"{head}.day"] = "Ngày " + date(datetime.date.fromisoformat(record["body"]["date"]))
        expected[f"{head}.number"] = words(record["body"]["number"])[1]

# Copies, outside of drills.
compared = [r for r in of("backup-verified") if r["run"] is None and within(day(r))]
tried = [r for r in of("backup-proved") if r["run"] is None and within(day(r))]
if compared:
    expected["backups.compared"] = count(len(compared))
    expected["backups.files"] = count(sum(r["body"]["checked"] for r in compared))
    expected["backups.unchecked"] = count(sum(r["body"]["unchecked"] for r in compared))
    expected["backups.whole"] = count(sum(r["body"]["whole"] for r in compared))
    differ = sum(not r["body"]["whole"] for r in compared)
    if differ:
        expected["backups.differ"] = count(differ)
if tried:
    expected["backups.tried"] = count(len(tried))
    proved = lambda b: b["whole"] and b.get("restorable", "yes") == "yes" and b.get("check", "none") not in ("failed", "blind")
    expected["backups.proved"] = count(sum(proved(r["body"]) for r in tried))

figures = {figure["id"].removeprefix("9."): figure for figure in document["figures"] if figure["id"].startswith("9.")}
measures = {name: figure for name, figure in figures.items() if name.startswith("measures.")}
seen = {name: figure["value"] for name, figure in figures.items() if name not in measures}
assert seen == expected, f"\nonly here: {set(seen.items()) - set(expected.items())}\nonly there: {set(expected.items()) - set(seen.items())}"

# Figures of the inventory rest on files that were kept: each is an object, and the record that is named says so.
for figure in measures.values():
    assert figure["files"], figure
    for file in figure["files"]:
        noted = log[file["record"]]
        assert noted["type"] == "inventory-noted"
        kept = {entry["path"]: entry["file"] for entry in noted["body"]["files"]}[file["path"]]
        assert kept["object"] == file["digest"]
        words(kept)

# Every figure stands in its sentence, every record that is named is there, and every number of the row is a figure's.
row = next(row for row in document["rows"] if row["id"] == "9")
for sentence in row["result"]:
    for name in sentence["figures"]:
        assert figures[name.removeprefix("9.")]["value"] in sentence["text"], (name, sentence)
for name, figure in figures.items():
    assert figure["records"] and max(figure["records"]) < len(log), (name, figure)
print(f"{len(expected)} figures, {len(measures)} of the inventory")

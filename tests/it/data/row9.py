"""Finds every number of row 9 again in a ledger, without ungpho: log lines, objects and the document's JSON only.

usage: row9.py LEDGER TASKS.json FROM TO [DAY]

DAY is the document's; without it the rows tell as on the day of the last record.
"""
import datetime
import hashlib
import json
import pathlib
import re
import sys

ledger, document, first, last = pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2])), sys.argv[3], sys.argv[4]
log = [json.loads(line) for segment in sorted((ledger / "log").glob("*.jsonl")) for line in segment.read_bytes().splitlines()]
assert [record["seq"] for record in log] == list(range(len(log)))

# The last correction of a field counts; what it says rests on the record and on its corrections.
corrections, marked = {}, {}
for record in log:
    if record["type"] == "corrected":
        seq, field = record["body"]["seq"], record["body"]["field"]
        place = log[seq] if field in ("occurred", "actor", "basis") else log[seq]["body"]
        assert field in place, record
        if log[seq]["type"] == "marked" and field == "occurred":
            # The clocks that ran from or to this mark were read at its first moment.
            marked.setdefault((log[seq]["run"], place[field] or log[seq]["at"]), seq)
        place[field] = record["body"]["is"]
        corrections.setdefault(seq, set()).add(record["seq"])


def words(ref):
    """The words of an object, whose digest is made again."""
    name = ref["object"].removeprefix("sha256:")
    data = (ledger / "objects" / "sha256" / name[:2] / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == name and len(data) == ref["size"]
    return data, re.sub("\r\n|[\n\r\t]", " ", data.split(b"\n", 1)[-1].decode())


def said(ref):
    """The words of a text that may not be there, or not any more."""
    name = ref["object"].removeprefix("sha256:") if ref else ""
    there = (ledger / "objects" / "sha256" / name[:2] / name).exists() if ref else False
    return (words(ref)[1] if there else "") or "(chưa có số liệu)"


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
    return first <= day.isoformat() <= until


def written(record):
    return datetime.datetime.fromisoformat(record["at"]).astimezone(datetime.timezone(datetime.timedelta(hours=7))).date()


# The day as on which the rows tell, and the last day with figures.
on = sys.argv[5] if len(sys.argv) > 5 else max(written(log[-1]).isoformat(), first)
until = min(last, on)
by = lambda record: day(record).isoformat() <= on


of = lambda kind: [record for record in log if record["type"] == kind]
expected = {}

# Playbooks in force: of each the newest by its day; minutes of a run are those that were entered last. What was withdrawn is as
# if it had never been entered.
gone = {record["body"].get("replaces") for record in of("activity")}
playbooks, minutes = {}, {}
for record in of("document-issued"):
    body = record["body"]
    if record["seq"] in gone:
        continue
    if body["document"] == "playbook" and body["date"] <= until:
        known = playbooks.get(body["subject"])
        if known is None or (known["body"]["date"], known["seq"]) < (body["date"], record["seq"]):
            playbooks[body["subject"]] = record
    if body["document"] == "minutes" and body["date"] <= on:
        minutes[record["run"]] = record
if playbooks:
    families = [record["body"]["family"] for record in playbooks.values()]
    expected["playbooks.count"] = count(len(playbooks))
    expected["playbooks.fault"] = count(sum(family in ("B", "C") for family in families))
    expected["playbooks.attack"] = count(families.count("A"))
    for other in set(families) - {"A", "B", "C"}:
        expected[f"playbooks.family.{other}"] = count(families.count(other))
    for name, record in playbooks.items():
        expected[f"playbooks.{name}.number"] = said(record["body"].get("number"))
        expected[f"playbooks.{name}.day"] = date(datetime.date.fromisoformat(record["body"]["date"]))

# Drills with minutes that people took part in.
voided = {record["run"] for record in of("run-voided")}
ended = {record["run"] for record in of("run-ended") if by(record)}
counted = []
for started in of("run-started"):
    body, run = started["body"], started["run"]
    fits = body["kind"] == "drill" and body["people"] == "console" and not body["test_clock"]
    if fits and run in ended - voided and within(day(started)) and run in minutes:
        counted.append(started)
runs = {started["run"] for started in counted}
family = lambda started: json.loads(words(started["body"]["plan"])[0])["family"]
DID = {
    "joined", "handed-over", "answered", "decided", "consented", "confirmed", "noted", "attached", "marked", "classified",
    "notice-sent", "injected", "scored", "attack-action", "stop-word", "concluded", "run-stopping", "run-paused",
    "run-continued", "playbook-switched",
}


def took_part(run):
    """Who did something in a run, and who was scored in or concluded it afterwards; an outsider by their number."""
    mine = [record for record in log if record["run"] == run]
    end = next(record for record in mine if record["type"] == "run-ended")
    instant = datetime.datetime.fromisoformat
    seen = set()
    for record in mine:
        told = record["occurred"] and instant(record["occurred"]) <= instant(end["at"])
        during = record["seq"] < end["seq"] or told or record["type"] in ("scored", "concluded")
        if record["type"] == "replaced":
            seen.add(record["body"]["to"])
        if record["actor"] != "engine" and record["type"] in DID and during:
            seen.add(record["body"].get("participant") or record["actor"])
    return seen


standing = [started for started in counted if family(started) == "standing"]
drills = [started for started in counted if family(started) != "standing"]
if standing:
    expected["standing.count"] = count(len(standing))
    expected["standing.people"] = count(sum(len(took_part(started["run"])) for started in standing))
if drills:
    ways = {"tabletop": 0, "lab": 0, "technical": 0, "live": 0}
    for started in drills:
        ways["lab" if started["mode"] == "technical" and started["body"]["lab"] else started["mode"]] += 1
    families = [family(started) for started in drills]
    results = [next(r for r in of("run-ended") if r["run"] == started["run"])["body"]["result"] for started in drills]
    expected["drills.count"] = count(len(drills))
    expected.update({f"drills.{way}": count(number) for way, number in ways.items() if number})
    expected["drills.fault"] = count(sum(family in ("B", "C") for family in families))
    expected["drills.attack"] = count(families.count("A"))
    for other in set(families) - {"A", "B", "C"}:
        expected[f"drills.family.{other}"] = count(families.count(other))
    assert sum(family in ("A", "B", "C") for family in families) + sum(families.count(o) for o in set(families) - set("ABC")) == len(drills)
    expected["drills.people"] = count(sum(len(took_part(started["run"])) for started in drills))
    if "stopped" in results:
        expected["drills.stopped"] = count(results.count("stopped"))

for started in counted:
    run, way = started["run"], started["mode"]
    mine = [record for record in log if record["run"] == run]
    steps = {r["body"]["step"]: r["body"]["outcome"] for r in mine if r["type"] == "step-ended" and r["body"]["attempt"] > 0}
    done = sum(outcome == "done" for outcome in steps.values())
    head = f"drills.{run}"
    expected[f"{head}.day"] = date(day(started))
    expected[f"{head}.steps"] = f"{count(done)}/{count(len(steps))}"
    expected[f"{head}.minutes"] = said(minutes[run]["body"].get("number"))
    expected[f"{head}.minutes-day"] = date(datetime.date.fromisoformat(minutes[run]["body"]["date"]))
    limits = {}
    for record in mine:
        if record["type"] == "run-ended":
            ending = {"passed": "đạt", "failed": "không đạt", "stopped": "dừng giữa chừng"}
            expected[f"{head}.result"] = ending[record["body"]["result"]]
        if record["type"] == "concluded" and by(record):
            expected[f"{head}.conclusion"] = {"passed": "đạt", "failed": "không đạt"}[record["body"]["verdict"]]
            expected[f"{head}.conclusion-day"] = date(day(record))
        if record["type"] == "clock-stopped" and way != "tabletop":
            clock = record["body"]["clock"]
            begun = next(r for r in mine if r["type"] == "clock-started" and r["body"]["clock"] == clock)
            ends = [marked.get((run, r["occurred"] or r["at"])) for r in (begun, record)]
            seconds = record["body"]["seconds"]
            if any(ends):
                moment = lambda r, mark: datetime.datetime.fromisoformat((log[mark] if mark else r)["occurred"] or r["at"])
                seconds = int((moment(record, ends[1]) - moment(begun, ends[0])).total_seconds())
            expected[f"{head}.clock.{clock}"] = time(seconds)
            planned = json.loads(words(started["body"]["plan"])[0])["clocks"][clock]
            if planned.get("limit_s"):
                expected[f"{head}.clock.{clock}.limit"] = time(planned["limit_s"])

# What people noted to fall short in these drills, and what is done about it, as on the day of the rows.
gaps = [r for r in of("noted") if r["run"] in runs and r["body"].get("finding") == "gap" and by(r)]
if gaps:
    expected["drills.gaps"] = count(len(gaps))
    for record in gaps:
        expected[f"drills.{record['run']}.gap.{record['seq']}"] = words(record["body"]["text"])[1]
        expected[f"drills.{record['run']}.gap.{record['seq']}.day"] = date(day(record))
closed, retested = {}, {}
for record in of("action-closed"):
    if by(record) and record["body"].get("retest") not in voided:
        (retested if record["body"].get("retest") else closed)[record["body"]["action"]] = record
drilled = {started["run"] for started in of("run-started") if started["body"]["kind"] == "drill"} - voided
people = (ledger.parent / "people.yaml").read_text() if (ledger.parent / "people.yaml").exists() else ""


def owner(body):
    """The name in the record, else the one of people.yaml, else the position with the id."""
    if body.get("owner_name"):
        return words(body["owner_name"])[1]
    line = next((line for line in people.splitlines() if f"id: {body['owner']}," in line), "")
    name, position = (re.search(f'{key}: "([^"]*)"', line) for key in ("name", "position"))
    if name and not name[1].startswith("("):
        return name[1]
    return f"{position[1]} ({body['owner']})" if position else body["owner"]


def told(these, head):
    if not these:
        return
    done = {r["seq"]: closed.get(r["seq"]) or retested.get(r["seq"]) for r in these}
    expected[f"{head}.count"] = count(len(these))
    expected[f"{head}.done"] = count(sum(record is not None for record in done.values()))
    for record in these:
        head = f"actions.{record['seq']}"
        expected[f"{head}.what"] = words(record["body"]["what"])[1]
        expected[f"{head}.due"] = date(datetime.date.fromisoformat(record["body"]["due"]))
        expected[f"{head}.owner"] = owner(record["body"])
        due = datetime.date.fromisoformat(record["body"]["due"])
        over = lambda day: count((day - due).days) if day > due else None
        ended_at, shown = closed.get(record["seq"]), retested.get(record["seq"])
        if ended_at:
            expected[f"{head}.done"] = date(day(ended_at))
            expected[f"{head}.late"] = over(day(ended_at))
        if shown:
            retest = next(r for r in of("run-started") if r["run"] == shown["body"]["retest"])
            expected[f"{head}.retested"], expected[f"{head}.retested-day"] = retest["run"], date(day(retest))
        if not ended_at and not shown:
            expected[f"{head}.overdue"] = over(datetime.date.fromisoformat(min(on, last)))
        measured = [r for r in of("objective-measured") if again(record, r) and by(r)]
        if not shown and measured and measured[-1]["body"]["met"] is False:
            expected[f"{head}.missed"] = measured[-1]["run"]


def again(action, measured):
    """Whether a later drill of the same scenario that counts measured the action's objective."""
    began = {r["run"]: r for r in of("run-started")}
    one, other = began[action["run"]], began[measured["run"]]
    counts = other["run"] in drilled and other["seq"] > action["seq"] and any(r["run"] == other["run"] for r in of("run-ended"))
    same = one["body"]["playbook"] == other["body"]["playbook"]
    return counts and same and measured["body"]["objective"] == action["body"].get("objective")


def touches(record):
    ends = [closed.get(record["seq"]), retested.get(record["seq"])]
    return within(day(record)) or first <= record["body"]["due"] <= last or any(it and within(day(it)) for it in ends)


actions = [r for r in of("action-opened") if by(r) and r["run"] in drilled]
told([r for r in actions if r["run"] in runs], "actions")
told([r for r in actions if r["run"] not in runs and touches(r)], "actions.others")

# Drills that papers tell of.
ended_on = lambda body: datetime.date.fromisoformat(body.get("until") or body["date"])
papers = [r for r in of("activity") if r["body"]["kind"] == "drill" and r["seq"] not in gone and within(ended_on(r["body"]))]
if papers:
    expected["drills.papers"] = count(len(papers))
    ways = {
        "tabletop": "trên bàn",
        "lab": "kỹ thuật trong môi trường diễn tập",
        "technical": "kỹ thuật trên hệ thống dành cho diễn tập",
        "live": "thực chiến",
    }
    for record in papers:
        head = f"drill.{record['seq']}"
        manner = record["body"].get("manner")
        if manner:
            expected[f"{head}.manner"] = ways[manner]
            expected[f"drills.papers.{manner}"] = count(sum(r["body"].get("manner") == manner for r in papers))
        begun, over = datetime.date.fromisoformat(record["body"]["date"]), ended_on(record["body"])
        expected[f"{head}.day"] = f"Ngày {date(begun)}" if over == begun else f"Từ ngày {date(begun)} đến ngày {date(over)}"
        if record["body"].get("people") is not None:
            expected[f"{head}.people"] = count(record["body"]["people"])
        expected[f"{head}.number"] = said(record["body"].get("number"))

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
    good = sum(proved(r["body"]) for r in tried)
    expected["backups.proved"] = count(good)
    if good < len(tried):
        expected["backups.not-proved"] = count(len(tried) - good)

figures = {figure["id"].removeprefix("9."): figure for figure in document["figures"] if figure["id"].startswith("9.")}
measures = {name: figure for name, figure in figures.items() if name.startswith("measures.")}
seen = {name: figure["value"] for name, figure in figures.items() if name not in measures}
expected = {name: value for name, value in expected.items() if value is not None}
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
    # Who follows a figure finds what was said last, not only what was written first.
    for seq in figure["records"]:
        assert corrections.get(seq, set()) <= set(figure["records"]), (name, figure)
print(f"{len(expected)} figures, {len(measures)} of the inventory")

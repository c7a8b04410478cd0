#!/usr/bin/env python3
"""Types into a spreadsheet as a person would: the cell keeps its format, a time or a day becomes a number.

type_sheet.py FILE.xlsx '[["STEP", "HEADING", "TEXT"], ...]'
STEP is what stands in the column of steps; "^LABEL" is a line above the table; "+N" is the Nth row below the last step.
A text that begins with a quote stays text. Nothing but the standard library: no code of the program's own.
"""
import datetime
import json
import re
import sys
import zipfile
import xml.etree.ElementTree as ET

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS = {"m": MAIN}
ET.register_namespace("", MAIN)


def number(text):
    """What a spreadsheet makes of what is typed; None where it stays text."""
    if re.fullmatch(r"\d{1,2}:\d\d", text):
        hour, minute = map(int, text.split(":"))
        return (hour * 60 + minute) / 1440 if hour < 24 and minute < 60 else None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return (datetime.date.fromisoformat(text) - datetime.date(1899, 12, 30)).days
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", text):
        since = datetime.datetime.fromisoformat(text) - datetime.datetime(1899, 12, 30)
        return since.total_seconds() / 86400
    return None


def main():
    path, edits = sys.argv[1], json.loads(sys.argv[2])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    shared = [
        "".join(t.text or "" for t in item.iter(f"{{{MAIN}}}t"))
        for item in ET.fromstring(parts["xl/sharedStrings.xml"]).findall("m:si", NS)
    ]
    sheet = ET.fromstring(parts["xl/worksheets/sheet1.xml"])
    cells, texts = {}, {}
    for cell in sheet.iter(f"{{{MAIN}}}c"):
        place = cell.get("r")
        cells[place] = cell
        value = cell.find("m:v", NS)
        if value is not None and cell.get("t") == "s":
            texts[place] = shared[int(value.text)]
    split = lambda place: re.fullmatch(r"([A-Z]+)(\d+)", place).groups()
    head = next(split(p)[1] for p, text in texts.items() if text in ("Mã bước", "Step id"))
    columns = {text: split(p)[0] for p, text in texts.items() if split(p)[1] == head}
    step_column = columns.get("Mã bước") or columns["Step id"]
    rows = {text: int(split(p)[1]) for p, text in texts.items() if split(p)[0] == step_column and split(p)[1] != head}
    last = max(rows.values())
    for step, heading, text in edits:
        if step.startswith("^"):
            row = next(split(p)[1] for p, label in texts.items() if label.rstrip(":") == step[1:] and split(p)[0] == "A")
            place = f"C{row}"
        else:
            row = last + int(step[1:]) if step.startswith("+") else rows[step]
            place = f"{columns[heading]}{row}"
        cell = cells[place]
        for child in list(cell):
            cell.remove(child)
        value = None if text.startswith("'") else number(text)
        if value is None:
            cell.set("t", "inlineStr")
            inline = ET.SubElement(cell, f"{{{MAIN}}}is")
            ET.SubElement(inline, f"{{{MAIN}}}t").text = text.removeprefix("'")
        else:
            cell.attrib.pop("t", None)
            ET.SubElement(cell, f"{{{MAIN}}}v").text = repr(value)
    parts["xl/worksheets/sheet1.xml"] = ET.tostring(sheet, encoding="utf-8", xml_declaration=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)


main()

"""Report <-> JSON, for storage: spans and outline travel with the text, nothing is parsed twice."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from digests.report import Report, Section, Source, Span

VERSION = 1


def report_to_json(report: Report) -> str:
    """A report as one JSON object, dates in ISO form."""
    fields = asdict(report)
    fields["version"] = VERSION
    del fields["handled"]  # decisions are kept by who took them
    fields["sections"] = [list(s.values()) for s in fields["sections"]]
    fields["furniture"] = [[s.start, s.end] for s in report.furniture]
    for name in ("issued_on", "met_on"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def report_from_json(stored: str | bytes) -> Report:
    """The report that ``report_to_json`` wrote."""
    fields: dict[str, Any] = json.loads(stored)
    fields.pop("version")
    fields["source"] = Source(**fields["source"])
    fields["sections"] = tuple(Section(*s) for s in fields["sections"])
    fields["furniture"] = tuple(Span(*s) for s in fields["furniture"])
    fields["warnings"] = tuple(fields["warnings"])
    for name in ("issued_on", "met_on"):
        fields[name] = date.fromisoformat(fields[name]) if fields[name] else None
    return Report(**fields)

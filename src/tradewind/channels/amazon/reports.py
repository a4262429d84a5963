"""Reports: asked for and waited for, or found among those that Amazon makes by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from tradewind.channels.amazon.client import Client, failed, iso, rows_of, segment
from tradewind.channels.amazon.feedback import seller_feedback
from tradewind.channels.amazon.settlement import read_settlement, settlement_items
from tradewind.channels.amazon.values import Unbookable, text
from tradewind.channels.contract import Mapped, Raw, Rejected

SELLER_FEEDBACK = "GET_SELLER_FEEDBACK_DATA"
SETTLEMENT = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
_PATH = "/reports/2021-06-30"
_LOOK_EVERY_SECONDS = 60.0
_MOST_LOOKS = 60
_SETTLEMENTS_KEPT = timedelta(days=89)


def requested(client: Client, kind: str, place: str, since: datetime, until: datetime) -> str | None:
    """The text of a report made for us; None where Amazon had nothing to report. Raises ChannelFailed."""
    body = {
        "reportType": kind,
        "marketplaceIds": [place],
        "dataStartTime": iso(since),
        "dataEndTime": iso(until),
    }
    answer = client.send("createReport", "POST", f"{_PATH}/reports", {}, body) or {}
    report = text(answer.get("reportId"))
    if report is None:
        raise failed("createReport", "malformed_answer", "the answer holds no reportId")
    for _ in range(_MOST_LOOKS):
        found = client.get("getReport", f"{_PATH}/reports/{segment(report)}", {}) or {}
        match text(found.get("processingStatus")):
            case "DONE":
                return _document(client, text(found.get("reportDocumentId")))
            case "CANCELLED":
                return None
            case "FATAL":
                raise failed("getReport", "report_failed", f"Amazon could not make the report {kind}")
        client.caller.sleep(_LOOK_EVERY_SECONDS)
    raise failed("getReport", "report_late", f"Amazon did not finish the report {kind} within an hour")


def feedback_items(client: Client, place: str, since: datetime, until: datetime) -> list[Mapped]:
    """Ratings of the seller in a span of time."""
    document = requested(client, SELLER_FEEDBACK, place, since, until)
    if document is None:
        return []
    rows = list(csv.reader(io.StringIO(document), delimiter="\t"))
    return [seller_feedback(row, place, client.caller.now) for row in rows[1:] if len(row) >= 2]


def settlements(client: Client, since: datetime | None, until: datetime) -> Iterator[list[Mapped]]:
    """What each settlement report says that Amazon made in a span of time; it keeps them for ninety days."""
    oldest = client.caller.now - _SETTLEMENTS_KEPT
    if until <= oldest:
        return
    params: Mapping[str, str | int] = {
        "reportTypes": SETTLEMENT,
        "processingStatuses": "DONE",
        "pageSize": 100,
        "createdSince": iso(max(since or oldest, oldest)),
        "createdUntil": iso(until),
    }
    for answer in _found(client, params):
        for report in answer:
            document = _document(client, text(report.get("reportDocumentId")))
            yield _settlement(document, text(report.get("reportId")) or "", client)


def _found(client: Client, params: Mapping[str, str | int]) -> Iterator[list[Raw]]:
    asked = params
    seen: set[str] = set()
    while True:
        answer = client.get("getReports", f"{_PATH}/reports", asked) or {}
        yield rows_of("getReports", answer, "reports")
        token = text(answer.get("nextToken"))
        if token is None:
            return
        if token in seen:
            raise failed("getReports", "paging_loop", "Amazon gave the same page token twice")
        seen.add(token)
        # This operation takes a token alone.
        asked = {"nextToken": token}


def _settlement(document: str, report: str, client: Client) -> list[Mapped]:
    """The report's rows; one that does not add up to what was paid out is said to be so, and booked."""
    try:
        settlement = read_settlement(document)
        items = list(settlement_items(settlement, client.places[0].id, client.caller.now))
        if settlement.adds_up:
            return items
        reason = f"The rows of settlement {settlement.id} do not add up to the {settlement.total} that were paid out."
        code = "settlement_mismatch"
    except Unbookable as flaw:
        items, reason, code = [], str(flaw), flaw.flaw
    external_id = f"settlement-report:{report}"
    return [*items, Mapped(external_id, {"reportId": report}, (), (Rejected(external_id, code, reason),))]


def _document(client: Client, document: str | None) -> str:
    if document is None:
        raise failed("getReport", "malformed_answer", "a finished report has no reportDocumentId")
    found = client.get("getReportDocument", f"{_PATH}/documents/{segment(document)}", {}) or {}
    address = text(found.get("url"))
    if address is None:
        raise failed("getReportDocument", "malformed_answer", "the answer holds no url")
    return client.download(address, text(found.get("compressionAlgorithm")))

"""Reports: asked for, made after a while, fetched from an address that is good for five minutes."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tradewind.commerce.orders.states import OrderStatus
from tradewind.sandbox.amazon.asking import HOME, MARKETPLACES, Asked, BadRequest, PageTokens, iso
from tradewind.sandbox.amazon.money import settlement
from tradewind.sandbox.amazon.orders import CHANNEL
from tradewind.sandbox.desk import Desk

FEEDBACK = "GET_SELLER_FEEDBACK_DATA"
SETTLEMENT = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
_MAKING = timedelta(seconds=30)
_ADDRESS_LIVES = timedelta(minutes=5)
_FIRST_SETTLEMENT = datetime(2020, 1, 6, tzinfo=UTC)
_FORTNIGHT = timedelta(days=14)
_KEPT = timedelta(days=90)
_PAGE = 10
_SPAN = ("dataStartTime", "dataEndTime")
_LIST = ("reportTypes", "processingStatuses", "pageSize", "createdSince", "createdUntil", "nextToken")
_ONE_IN = 40


@dataclass(frozen=True, slots=True)
class _Report:
    id: str
    kind: str
    asked_at: datetime
    since: datetime
    until: datetime


class ReportDesk:
    """createReport, getReport, getReports, getReportDocument and the documents themselves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reports: dict[str, _Report] = {}
        self._addresses: dict[str, tuple[str, datetime]] = {}
        self._tokens = PageTokens(desk.clock, "nextToken", timedelta(hours=24))

    def create(self, body: Any) -> dict[str, Any]:
        if not isinstance(body, dict) or body.get("reportType") != FEEDBACK:
            raise BadRequest("This report cannot be requested.", "400")
        places = body.get("marketplaceIds")
        if not isinstance(places, list) or not places or not set(places) <= set(MARKETPLACES):
            raise BadRequest("marketplaceIds are required.", "400")
        span = Asked(
            {name: str(body.get(name) or "") for name in ("dataStartTime", "dataEndTime")},
            ("dataStartTime", "dataEndTime"),
        )
        now = self._desk.clock.now()
        until = span.moment("dataEndTime") or now
        since = span.moment("dataStartTime") or until - timedelta(days=30)
        # Of other marketplaces there is nothing to report.
        if HOME not in places:
            since = until
        report = _Report(f"R{len(self._reports):08d}", FEEDBACK, now, since, until)
        self._reports[report.id] = report
        return {"reportId": report.id}

    def get(self, report_id: str) -> dict[str, Any]:
        report = self._reports.get(report_id) or self._settlements().get(report_id)
        if report is None:
            raise BadRequest("The report was not found.", "404", 404)
        return self._rendered(report)

    def find(self, asked: dict[str, str]) -> dict[str, Any]:
        known = (
            "reportTypes",
            "processingStatuses",
            "marketplaceIds",
            "pageSize",
            "createdSince",
            "createdUntil",
            "nextToken",
        )
        told = Asked(asked, known)
        if "nextToken" in asked and len(asked) > 1:
            raise BadRequest("nextToken goes alone.", "400")
        at = 0
        if (place := self._tokens.place(asked)) is not None:
            since, until, at = place
        else:
            now = self._desk.clock.now()
            if told.needed("reportTypes") != SETTLEMENT:
                raise BadRequest("This stand-in lists settlements alone.", "400")
            since, until = told.moment("createdSince") or now - _KEPT, told.moment("createdUntil") or now
            if since < now - _KEPT:
                raise BadRequest("createdSince is more than 90 days ago.", "400")
        found = [report for report in self._settlements().values() if since <= report.asked_at <= until]
        answer: dict[str, Any] = {"reports": [self._rendered(report) for report in found[at : at + _PAGE]]}
        if at + _PAGE < len(found):
            answer["nextToken"] = self._tokens.make({}, (since, until, at + _PAGE))
        return answer

    def document(self, document_id: str, base: str) -> dict[str, Any]:
        report_id = document_id.removeprefix("amzn1.spdoc.")
        if report_id not in self._reports and report_id not in self._settlements():
            raise BadRequest("The document was not found.", "404", 404)
        key = f"{report_id}-{len(self._addresses):06d}"
        self._addresses[key] = (report_id, self._desk.clock.now() + _ADDRESS_LIVES)
        return {
            "reportDocumentId": document_id,
            "url": f"{base}/documents/{key}",
            "compressionAlgorithm": "GZIP",
        }

    def content(self, key: str) -> bytes:
        """A document, packed. Raises BadRequest for an address that is no longer good."""
        report_id, ends_at = self._addresses.get(key, ("", self._desk.clock.now()))
        if self._desk.clock.now() >= ends_at:
            raise BadRequest("Request has expired", "AccessDenied", 403)
        report = self._reports.get(report_id) or self._settlements()[report_id]
        makers: dict[str, Callable[[_Report], str]] = {FEEDBACK: self._feedback, SETTLEMENT: self._settlement}
        return gzip.compress(makers[report.kind](report).encode("cp1252"), mtime=0)

    def _rendered(self, report: _Report) -> dict[str, Any]:
        is_done = self._desk.clock.now() >= report.asked_at + _MAKING or report.kind == SETTLEMENT
        is_empty = report.since >= report.until
        raw = {
            "reportId": report.id,
            "reportType": report.kind,
            "createdTime": iso(report.asked_at),
            "processingStatus": "CANCELLED" if is_empty else "DONE" if is_done else "IN_PROGRESS",
        }
        if is_done and not is_empty:
            raw["reportDocumentId"] = f"amzn1.spdoc.{report.id}"
        return raw

    def _settlements(self) -> dict[str, _Report]:
        """Those that Amazon has made in the last ninety days: one each fortnight and currency."""
        now = self._desk.clock.now()
        last = (now - _FIRST_SETTLEMENT) // _FORTNIGHT
        found = {}
        for number in range(last - 7, last):
            until = _FIRST_SETTLEMENT + (number + 1) * _FORTNIGHT
            if until >= now - _KEPT:
                for currency in ("USD", "CAD"):
                    report = _Report(f"S{number:05d}{currency}", SETTLEMENT, until, until - _FORTNIGHT, until)
                    found[report.id] = report
        return found

    def _settlement(self, report: _Report) -> str:
        return settlement(self._desk.world, report.id, report.since, report.until, report.id[-3:])

    def _feedback(self, report: _Report) -> str:
        """A rating of one in forty orders that were sent, by the order's own number."""
        lines = ["Date\tRating\tComments\tResponse\tOrder ID\tRater Email"]
        for order in self._desk.world.orders(CHANNEL, report.since, report.until):
            mark = zlib.crc32(order.external_id.encode())
            if order.marketplace == HOME and mark % _ONE_IN == 0 and order.status is not OrderStatus.PENDING:
                day = order.channel_updated_at or order.placed_at
                stars = 5 - (mark // _ONE_IN % 100) // 40
                lines.append(f"{day:%m/%d/%y}\t{stars}\tGood\t\t{order.external_id}\tbuyer@example.com")
        return "\n".join(lines) + "\n"

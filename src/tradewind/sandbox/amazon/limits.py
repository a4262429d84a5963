"""Limits as Amazon publishes them for each operation; written down anew, so that they check the connector's."""

from __future__ import annotations

from tradewind.channels.contract import Limit

LIMITS = {
    "searchOrders": Limit(0.0056, 20),
    "getOrder": Limit(0.5, 30),
    "getInventorySummaries": Limit(2, 2),
    "searchListingsItems": Limit(5, 5),
    "getListingsItem": Limit(5, 10),
    "patchListingsItem": Limit(5, 5),
    "searchCatalogItems": Limit(2, 2),
    "listTransactions": Limit(0.5, 10),
    "createReport": Limit(0.0167, 15),
    "getReports": Limit(0.0222, 10),
    "getReport": Limit(2, 15),
    "getReportDocument": Limit(0.0167, 15),
    "getMarketplaceParticipations": Limit(0.016, 15),
    "getItemReviewTopics": Limit(0.2, 1),
    "createDestination": Limit(1, 5),
    "getDestinations": Limit(1, 5),
    "createSubscription": Limit(1, 5),
    "getSubscription": Limit(1, 5),
}

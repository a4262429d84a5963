"""What the routes work with: made once per process, from the platform."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradewind.api.access_tokens import AccessTokens
from tradewind.api.cart_references import CartReferences
from tradewind.api.dashboards import Dashboards
from tradewind.api.insights import Insights
from tradewind.api.live import LiveHub
from tradewind.api.measures import Measures
from tradewind.api.planning import Planner
from tradewind.commerce.access.service import Access
from tradewind.commerce.notifications.resets import reset_mails
from tradewind.commerce.payments.cashier import Cashier
from tradewind.commerce.payments.providers.registry import open_providers
from tradewind.core.cache import Cache, open_cache
from tradewind.core.secret_key import secret_key
from tradewind.jobs.scheduler import Scheduler
from tradewind.platform import Platform


@dataclass(slots=True)
class Services:
    platform: Platform
    cache: Cache
    access: Access
    access_tokens: AccessTokens
    dashboards: Dashboards
    cashier: Cashier
    cart_references: CartReferences
    insights: Insights
    scheduler: Scheduler
    planner: Planner
    live: LiveHub = field(init=False)
    measures: Measures = field(init=False)

    def __post_init__(self) -> None:
        self.live = LiveHub(self.platform, self.access, self.access_tokens, self.dashboards)
        self.measures = Measures(self.platform, self.live)

    @classmethod
    def of(cls, platform: Platform) -> Services:
        settings = platform.settings
        key = secret_key(settings)
        url = settings.cache.url
        cache = open_cache(url.get_secret_value() if url else None)
        return cls(
            platform,
            cache,
            Access(
                platform.database,
                cache,
                platform.clock,
                settings.security,
                key,
                tell_reset=reset_mails(settings.server.address) if settings.smtp.host is not None else None,
            ),
            AccessTokens(key, platform.clock, settings.security.access_token_seconds),
            Dashboards(platform),
            Cashier(platform.database, open_providers(settings), platform.clock),
            CartReferences(key),
            Insights(platform),
            Scheduler(platform.sync, settings.store.zone),
            Planner(platform.database, platform.warehouse, settings.store, settings.planning),
        )

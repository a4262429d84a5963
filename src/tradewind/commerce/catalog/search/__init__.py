"""Finding products by what people type: words, beginnings of words, and words typed wrong."""

from tradewind.commerce.catalog.search.finding import Facets, Filters, FoundProduct, SearchPage, search_products
from tradewind.commerce.catalog.search.indexing import rebuild, reindex

__all__ = ["Facets", "Filters", "FoundProduct", "SearchPage", "rebuild", "reindex", "search_products"]

"""Stock, items and prices as Walmart tells and takes them."""

from __future__ import annotations

import base64
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tradewind.sandbox.desk import Desk
from tradewind.sandbox.walmart import payloads
from tradewind.sandbox.walmart.asking import Refused, place_of
from tradewind.sandbox.world import Pushed


class Goods:
    """Stock at the seller's nodes and at Walmart, the catalogue, and what is written to either."""

    def __init__(self, desk: Desk, seller: str) -> None:
        """`seller`: the node where stock lies that is written without one."""
        self._world, self._seller = desk.world, seller

    async def inventories(self, request: Request) -> Response:
        limit = request.query_params.get("limit", "10")
        if not limit.isdigit() or not 1 <= int(limit) <= 50:
            raise Refused(400, "INVALID_REQUEST_PARAM.GMP_INVENTORY_API", "limit is at most 50")
        rows = payloads.inventories(self._world.stock("walmart"))
        offset = place_of(request.query_params.get("nextCursor"))
        following = offset + int(limit)
        meta: dict[str, Any] = {"totalCount": len(rows)}
        if following < len(rows):
            meta["nextCursor"] = base64.b64encode(str(following).encode()).decode()
        return JSONResponse({"meta": meta, "elements": {"inventories": rows[offset:following]}})

    async def inventory(self, request: Request) -> Response:
        sku = request.query_params.get("sku", "")
        if sku not in {product.sku for product in self._world.products("walmart")}:
            raise Refused(404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", "SKU not found")
        if request.method == "PUT":
            asked = await request.json()
            units = asked.get("quantity", {}).get("amount")
            if asked.get("sku") != sku or not isinstance(units, int) or units < 0:
                raise Refused(400, "INVALID_REQUEST_CONTENT.GMP_INVENTORY_API", "sku and a quantity are required")
            node = request.query_params.get("shipNode")
            self._world.push("walmart", Pushed(sku=sku, location=node or self._seller, available=units))
            return JSONResponse(asked)
        own = [one for one in self._world.stock("walmart") if one.sku == sku and one.keeper == "seller"]
        amount = sum(one.available or 0 for one in own)
        return JSONResponse({"sku": sku, "quantity": {"unit": "EACH", "amount": amount}})

    async def wfs(self, request: Request) -> Response:
        limit, offset = int(request.query_params.get("limit", "10")), int(request.query_params.get("offset", "0"))
        if not 1 <= limit <= 300:
            raise Refused(400, "INVALID_REQUEST_PARAM.GMP_INVENTORY_API", "limit is at most 300")
        rows = payloads.wfs(self._world.stock("walmart"))
        head = {"totalCount": len(rows), "limit": limit, "offset": offset}
        return JSONResponse({"headers": head, "payload": {"inventory": rows[offset : offset + limit]}})

    async def items(self, request: Request) -> Response:
        limit = int(request.query_params.get("limit", "20"))
        if not 1 <= limit <= 50:
            raise Refused(400, "INVALID_REQUEST_PARAM.GMP_ITEM_QUERY_API", "limit is at most 50")
        asked = request.query_params.get("nextCursor")
        products = list(self._world.products("walmart"))
        offset = 0 if asked in (None, "*") else place_of(asked)
        page = products[offset : offset + limit]
        if not page:
            raise Refused(404, "CONTENT_NOT_FOUND", "No items found")
        body: dict[str, Any] = {"ItemResponse": [payloads.item(one) for one in page], "totalItems": len(products)}
        if asked is not None and len(page) == limit:
            body["nextCursor"] = base64.b64encode(str(offset + limit).encode()).decode()
        return JSONResponse(body)

    async def item(self, request: Request) -> Response:
        found = [one for one in self._world.products("walmart") if one.sku == request.path_params["sku"]]
        if not found:
            raise Refused(404, "CONTENT_NOT_FOUND.GMP_ITEM_QUERY_API", "No item found")
        return JSONResponse({"ItemResponse": [payloads.item(one) for one in found], "totalItems": 1})

    async def price(self, request: Request) -> Response:
        asked = json.loads(await request.body(), parse_float=str)
        try:
            price = asked["pricing"][0]["currentPrice"]
            sku, amount = asked["sku"], str(price["amount"])
        except (KeyError, IndexError, TypeError) as error:
            raise Refused(400, "INVALID_REQUEST_CONTENT.GMP_PRICE_API", "pricing is required") from error
        if sku not in {product.sku for product in self._world.products("walmart")}:
            raise Refused(404, "CONTENT_NOT_FOUND.GMP_PRICE_API", "SKU not found")
        self._world.push("walmart", Pushed(sku=sku, location=None, price=amount))
        words = "Thank you. Your price has been updated. Please allow up to five minutes for this change."
        return JSONResponse({"ItemPriceResponse": {"mart": "WALMART_US", "message": words, "sku": sku}})

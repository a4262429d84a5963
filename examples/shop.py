"""A shop in one file: fill the shelves, sell, run short, ship. Run it with `python examples/shop.py`."""

from __future__ import annotations

from tradewind import Platform
from tradewind.embedded import InsufficientStock


def main() -> None:
    with Platform() as shop:  # in memory; Platform("shop.db") keeps it
        mug = shop.add_product("Mug", "Stoneware, 300 ml", 12.50, stock=40, category="Kitchen")
        pot = shop.add_product("Teapot", "Cast iron, 1 l", 49.90, stock=3, category="Kitchen")
        ada = shop.create_customer("ada@example.com", "Ada Example", "1 Harbour Street, Springfield")

        for product in shop.get_products(category="Kitchen"):
            print(
                f"{product['name']:<8} {product['price']:>6.2f} {product['currency']}  {product['stock']:>3} in stock"
            )

        shop.add_to_cart(ada, mug, 2)
        shop.add_to_cart(ada, pot)
        order = shop.get_order(shop.create_order(ada))
        print(f"Order {order['order_number']}: {order['total_amount']:.2f} {order['currency']}, {order['status']}")

        shop.add_to_cart(ada, pot, 3)
        try:
            shop.create_order(ada)
        except InsufficientStock as short:  # a ValueError too
            print(f"Refused: {short}")

        shop.update_stock(pot, +10, reason="receipt")
        shop.update_order_status(order["id"], "processing")
        shop.update_order_status(order["id"], "shipped")
        print(f"Orders of {shop.get_customer(ada)['name']}:")
        for known in shop.get_customer_orders(ada):
            print(f"  {known['order_number']} {known['status']} {known['total_amount']:.2f}")


if __name__ == "__main__":
    main()

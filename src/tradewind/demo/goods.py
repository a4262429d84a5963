"""The range of the demo store: what each category is called, when it sells, and its goods with their usual prices."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """Goods are separated by semicolons, each ends with its price in euro cents."""

    name: str
    months: tuple[float, ...]
    """How much it is asked for in each month of the year."""
    brands: tuple[str, str]
    goods_text: str

    @property
    def goods(self) -> list[tuple[str, int]]:
        """Names and prices."""
        named = [" ".join(good.split()).rsplit(" ", 1) for good in self.goods_text.split(";")]
        return [(name, int(cents)) for name, cents in named]


RANGE = (
    Category(
        "Kitchen",
        (1.0, 0.9, 0.9, 0.9, 0.95, 0.9, 0.9, 0.9, 1.0, 1.0, 1.2, 1.4),
        ("Hollmark & Oat", "Tavoro"),
        """
        Chef's Knife 20 cm 5990; Oak Cutting Board 3490; Cast Iron Pan 28 cm 6490; Pour-Over Coffee
        Set 4290; Electric Kettle 1.7 l 4990; Storage Jars, Set of 6 2990; Mixing Bowls, Set of 3
        3290; Linen Apron 2790; Salad Spinner 1990; Spice Rack 2490; Pepper Mill 1890; Glass Carafe
        1 l 1690
        """,
    ),
    Category(
        "Home",
        (1.1, 1.0, 1.0, 0.95, 0.9, 0.85, 0.9, 0.9, 1.0, 1.1, 1.2, 1.2),
        ("Lunavik", "Ostrand"),
        """
        Wool Throw 130×170 7990; Scented Candle 1890; Linen Cushion Cover 2290; Table Lamp 5490;
        Wall Clock 3990; Jute Rug 120×180 8990; Storage Basket 2490; Picture Frame A3 1990; Bath
        Towels, Set of 4 4490; Bed Linen 200×200 6990; Ceramic Vase 2790; Door Mat 1790
        """,
    ),
    Category(
        "Garden",
        (0.4, 0.5, 1.1, 1.8, 2.0, 1.7, 1.3, 1.0, 0.8, 0.6, 0.4, 0.4),
        ("Fernleigh Yard", "Grünau"),
        """
        Pruning Shears 2490; Garden Hose 25 m 3990; Raised Bed Kit 8990; Watering Can 8 l 2190; Herb
        Seeds, Set of 12 1490; Solar Lights, Set of 8 2990; Garden Gloves 1290; Bird Feeder 1990;
        Compost Bin 300 l 5990; Plant Pot 30 cm 1690; Folding Saw 2790; Rain Gauge 990
        """,
    ),
    Category(
        "Toys",
        (0.7, 0.7, 0.8, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 1.0, 1.6, 2.4),
        ("Pippolino", "Wobbelwerk"),
        """
        Wooden Train Set 4990; Marble Run 3990; Puzzle 1000 Pieces 1690; Building Blocks, 200 Pieces
        3490; Plush Fox 1990; Board Game Harbour 3290; Card Game Lanterns 1290; Balance Bike 7990;
        Kite 1790; Finger Paints 1190; Doll's House 8990; Science Kit Crystals 2490
        """,
    ),
    Category(
        "Sports",
        (1.4, 1.1, 1.1, 1.1, 1.1, 1.0, 1.0, 0.9, 1.0, 0.8, 0.8, 0.9),
        ("Stridano", "Kvikk"),
        """
        Yoga Mat 3490; Resistance Bands, Set of 5 1990; Kettlebell 12 kg 4490; Foam Roller 2290;
        Jump Rope 1290; Running Belt 1890; Water Bottle 750 ml 1990; Gym Bag 40 l 4290; Cycling
        Gloves 2490; Swim Goggles 1790; Balance Board 3990; Table Tennis Set 2790
        """,
    ),
    Category(
        "Beauty",
        (0.9, 1.3, 1.0, 0.95, 1.0, 0.95, 0.95, 0.95, 0.95, 1.0, 1.1, 1.4),
        ("Aurelle Botanics", "Savonne"),
        """
        Face Cream 50 ml 2490; Hand Balm 75 ml 1190; Shampoo Bar 990; Beard Oil 30 ml 1690; Bath
        Salts 500 g 1290; Facial Serum 30 ml 3290; Lip Balm, Set of 3 890; Hair Brush 1990; Nail
        Care Set 2290; Sun Lotion SPF 50 1790; Soap Dish 1090; Gift Box Calm 3990
        """,
    ),
    Category(
        "Electronics",
        (0.9, 0.85, 0.9, 0.9, 0.9, 0.9, 0.9, 0.95, 1.0, 1.05, 1.5, 1.6),
        ("Voltessa", "Nubrik"),
        """
        Wireless Earbuds 7990; Bluetooth Speaker 5990; Power Bank 20 Ah 3990; USB-C Charger 65 W
        3490; USB-C Cable 2 m 1290; Desk Fan 3290; Smart Plug, Set of 2 2490; Headphones Over-Ear
        12990; Webcam 1080p 4990; E-Reader Cover 1990; LED Light Strip 5 m 2290; Digital Kitchen
        Scale 2490
        """,
    ),
    Category(
        "Office",
        (1.1, 1.0, 1.0, 0.95, 0.95, 0.9, 0.8, 1.3, 1.4, 1.05, 1.0, 0.9),
        ("Paperwell", "Deskari"),
        """
        Notebook A5, Set of 3 1490; Fountain Pen 3490; Desk Organiser 2290; Laptop Stand 3990;
        Monitor Riser 4490; Wrist Rest 1690; Desk Pad 80×40 2490; Weekly Planner 1890; Gel Pens, Set
        of 12 1290; Document Tray 1990; Cable Box 2190; Whiteboard 60×45 3290
        """,
    ),
    Category(
        "Pets",
        (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.95, 0.95, 1.0, 1.0, 1.05, 1.15),
        ("Tatzenhof", "Wagglo"),
        """
        Dog Bed L 5990; Cat Scratching Post 6490; Dog Lead 2 m 2290; Feeding Bowls, Set of 2 1890;
        Cat Tunnel 1990; Chew Toys, Set of 4 1590; Grooming Brush 1390; Pet Carrier 4990; Dental
        Sticks 400 g 1190; Cat Fountain 3490; Dog Coat M 3290; Treat Pouch 1290
        """,
    ),
    Category(
        "Outdoor",
        (0.7, 0.7, 0.9, 1.1, 1.3, 1.4, 1.5, 1.3, 1.0, 0.8, 0.8, 0.9),
        ("Norrfjell", "Campanio"),
        """
        Two-Person Tent 14990; Sleeping Bag 8990; Camping Stove 4990; Head Torch 2990; Dry Bag 20 l
        1990; Trekking Poles 5490; Enamel Mug 1290; Picnic Blanket 3290; Hammock 3990; Multi-Tool
        4490; Daypack 25 l 6490; Insulated Flask 2990
        """,
    ),
)

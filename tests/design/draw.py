# ruff: noqa: E501  (paths of drawings are longer than lines of code)
"""Draws the sprites of static/img: icons, logo, favicon and playing cards.

Run it after changing a shape: ``python tests/design/draw.py``. The results are committed, nothing draws at run time.
"""

from __future__ import annotations

import math
from pathlib import Path

IMG = Path(__file__).parents[2] / "static" / "img"

RED, BLACK, GOLD, GREEN, IVORY, LINE = "#a5162d", "#2b1a2d", "#c9a24b", "#1f5a41", "#fdf9ef", "#d9cdb4"

SUITS = {
    "S": '<path id="S" d="M0-10C3-5 10-1 10 4A4.7 4.7 0 0 1 1.3 5.6Q1.8 8.6 4 10H-4Q-1.8 8.6-1.3 5.6A4.7 4.7 0 0 1-10 4C-10-1-3-5 0-10Z"/>',
    "H": '<path id="H" d="M0 10C-3 5-10 1.5-10-4A5.1 5.1 0 0 1 0-6A5.1 5.1 0 0 1 10-4C10 1.5 3 5 0 10Z"/>',
    "D": '<path id="D" d="M0-10.5Q3-4.5 7.8 0Q3 4.5 0 10.5Q-3 4.5-7.8 0Q-3-4.5 0-10.5Z"/>',
    "C": '<path id="C" d="M-1.3 4A4.7 4.7 0 1 1-4-2.4A4.7 4.7 0 1 1 4-2.4A4.7 4.7 0 1 1 1.3 4Q1.8 8.6 4 10H-4Q-1.8 8.6-1.3 4Z"/>',
}
RANKS = ["A", *map(str, range(2, 11)), "J", "Q", "K"]

# Pips by rank: x and y in the card's 100 × 140; those in the lower half stand on their heads.
LEFT, MID, RIGHT = 36, 50, 64
ROWS3, ROWS4 = (32, 70, 108), (32, 57.3, 82.7, 108)
PIPS: dict[int, list[tuple[float, float]]] = {
    2: [(MID, 32), (MID, 108)],
    3: [(MID, y) for y in ROWS3],
    4: [(x, y) for x in (LEFT, RIGHT) for y in (32, 108)],
    5: [(x, y) for x in (LEFT, RIGHT) for y in (32, 108)] + [(MID, 70)],
    6: [(x, y) for x in (LEFT, RIGHT) for y in ROWS3],
    7: [(x, y) for x in (LEFT, RIGHT) for y in ROWS3] + [(MID, 51)],
    8: [(x, y) for x in (LEFT, RIGHT) for y in ROWS3] + [(MID, 51), (MID, 89)],
    9: [(x, y) for x in (LEFT, RIGHT) for y in ROWS4] + [(MID, 70)],
    10: [(x, y) for x in (LEFT, RIGHT) for y in ROWS4] + [(MID, 44.7), (MID, 95.3)],
}

# Upper half of each court figure, in 100 × 140; the robe takes the suit's colour.
ROBE = (
    '<path d="M27 70Q28 54 42 51L50 57L58 51Q72 54 73 70Z" fill="currentColor"/>'
    f'<path d="M42 51L50 57L58 51L62 54L50 70L38 54Z" fill="{GOLD}"/>'
    f'<path d="M45 56L50 60L55 56L50 66Z" fill="{IVORY}"/>'
    f'<path d="M30 70L35 62L40 70L35 76ZM60 70L65 62L70 70L65 76Z" fill="{GOLD}" opacity=".75"/>'
)
FACE = (
    f'<path d="M43.5 36H56.5V43Q56.5 52 50 52.5Q43.5 52 43.5 43Z" fill="#f3ddc3"/>'
    '<path d="M46 41.2H48.2M51.8 41.2H54M50 42V45.5H48.9M48.2 48.3Q50 49.2 51.8 48.3" fill="none" '
    f'stroke="{BLACK}" stroke-width=".9" stroke-linecap="round" stroke-linejoin="round"/>'
)
FIGURES = {
    "K": (
        f'<path d="M40.5 37V50Q42 56 46 55L54 55Q58 56 59.5 50V37Z" fill="{BLACK}"/>'
        + FACE
        + f'<path d="M43.5 45.5Q46 47.5 50 46.6Q54 47.5 56.5 45.5V51Q54.5 58 50 59Q45.5 58 43.5 51ZM48 48.6Q50 50 52 48.6Z" fill="{BLACK}" fill-rule="evenodd"/>'
        + f'<path d="M39.5 38L37 24L43.5 30L50 20L56.5 30L63 24L60.5 38Z" fill="{GOLD}" stroke="{BLACK}" stroke-width=".8" stroke-linejoin="round"/>'
        + '<path d="M40 35.5H60V38.5H40Z" fill="currentColor"/>'
        + f'<path d="M50 14.5V20M47.6 16.6H52.4" stroke="{GOLD}" stroke-width="1.7"/>'
        + f'<path d="M76.5 30V70M73.5 38H79.5" stroke="{GOLD}" stroke-width="2.2" stroke-linecap="round"/>'
    ),
    "Q": (
        f'<path d="M50 31Q61 31 61 42Q61 54 65 58Q58 62 50 56Q42 62 35 58Q39 54 39 42Q39 31 50 31Z" fill="{BLACK}"/>'
        + FACE
        + f'<path d="M48.4 48.2Q50 47.4 51.6 48.2Q50 49.9 48.4 48.2Z" fill="{RED}"/>'
        + f'<path d="M40.5 36L39 26L45 31L50 23.5L55 31L61 26L59.5 36Q50 33 40.5 36Z" fill="{GOLD}" stroke="{BLACK}" stroke-width=".8" stroke-linejoin="round"/>'
        + f'<g fill="currentColor" stroke="{GOLD}" stroke-width=".6"><circle cx="39" cy="25" r="1.7"/><circle cx="50" cy="22.4" r="2"/><circle cx="61" cy="25" r="1.7"/></g>'
        + f'<path d="M76 70Q78 60 75 54" fill="none" stroke="{GREEN}" stroke-width="1.5"/>'
        + f'<g fill="{RED}"><circle cx="75" cy="50" r="2.6"/><circle cx="71.8" cy="52.5" r="2.2"/><circle cx="78.2" cy="52.5" r="2.2"/></g><circle cx="75" cy="52" r="1.5" fill="{GOLD}"/>'
    ),
    "J": (
        '<path d="M41 36Q39 48 42.5 51H57.5Q61 48 59 36Z" fill="#7a4a22"/>'
        + FACE
        + '<path d="M38 34.5Q38 25 50 25Q64 24 62.5 34.5Q50 37.5 38 34.5Z" fill="currentColor"/>'
        + f'<path d="M38.5 33.4Q50 37 62.2 33.4V36.4Q50 40 38.5 36.4Z" fill="{GOLD}"/>'
        + f'<path d="M59 31Q68 27 69 17Q60 19 57.5 28Z" fill="{GREEN}"/><path d="M58.4 30Q63 25 66.5 20.5" stroke="{GOLD}" stroke-width=".9" fill="none"/>'
        + f'<path d="M75.5 36V70" stroke="{GOLD}" stroke-width="1.8" stroke-linecap="round"/><path d="M75.5 26L79 36H72Z" fill="{BLACK}"/>'
    ),
}


def number(value: float) -> str:
    """A coordinate without noise: 2.50 -> 2.5, 3.0 -> 3."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def pip(suit: str, x: float, y: float, size: float) -> str:
    return f'<use href="#{suit}" transform="translate({number(x)} {number(y)}) scale({size})"/>'


def placed(suit: str, x: float, y: float) -> str:
    """A pip of the small size: ``Sp`` upright, ``Sq`` on its head below the middle."""
    return f'<use href="#{suit}{"q" if y > 70 else "p"}" x="{number(x)}" y="{number(y)}"/>'


def face(rank: str, suit: str) -> str:
    if rank == "A":
        return '<use href="#ring"/>' + pip(suit, 50, 70, 1.75)
    if rank in FIGURES:
        return f'<use href="#{rank}f"/>{pip(suit, 32, 31, 0.5)}<use href="#{suit}" transform="translate(68 109) scale(-.5)"/>'
    return "".join(placed(suit, x, y) for x, y in PIPS[int(rank)])


def twice(mark: str, drawing: str) -> str:
    """A drawing in the corner and again, turned, in the opposite one."""
    return f'<g id="{mark}"><g id="{mark}_">{drawing}</g><use href="#{mark}_" transform="rotate(180 50 70)"/></g>'


def rank_corner(rank: str) -> str:
    narrow = ' textLength="18" lengthAdjust="spacingAndGlyphs"' if rank == "10" else ""
    return f'<text x="12.5" y="23" font-family="Georgia,serif" font-weight="700" font-size="23" text-anchor="middle"{narrow}>{rank}</text>'


def ring() -> str:
    """The wreath of the aces."""
    leaves = "".join(
        f'<path d="M0-29Q3.4-33 0-38.5Q-3.4-33 0-29Z" transform="rotate({angle})"/>' for angle in range(0, 360, 20)
    )
    circle = f'<circle r="26" fill="none" stroke="{GOLD}" stroke-width=".8"/>'
    return f'<g id="ring" transform="translate(50 70)"><g fill="{GOLD}">{leaves}</g>{circle}</g>'


def cards() -> str:
    parts = [*SUITS.values(), ring()]
    for suit in SUITS:
        parts.append(
            f'<use id="{suit}p" href="#{suit}" transform="scale(.78)"/><use id="{suit}q" href="#{suit}" transform="scale(-.78)"/>'
        )
    parts.append(f'<rect id="paper" x=".5" y=".5" width="99" height="139" rx="7" fill="{IVORY}" stroke="{LINE}"/>')
    frame = f'<rect x="23" y="12" width="54" height="116" rx="3" fill="#f8f0dc" stroke="{GOLD}"/>'
    for rank, figure in FIGURES.items():
        both = twice(f"{rank}h", ROBE + figure)
        parts.append(f'<g id="{rank}f">{frame}{both}<path d="M23.5 70H76.5" stroke="{GOLD}" stroke-width="1.2"/></g>')
    parts += [twice(f"r{rank}", rank_corner(rank)) for rank in RANKS]
    for suit in SUITS:
        colour = RED if suit in "HD" else BLACK
        parts.append(f'<g id="{suit}c"><use href="#paper"/>{twice(f"s{suit}", pip(suit, 12.5, 34, 0.72))}</g>')
        parts += [
            f'<g id="{rank}{suit}" color="{colour}" fill="{colour}"><use href="#{suit}c"/><use href="#r{rank}"/>{face(rank, suit)}</g>'
            for rank in RANKS
        ]
    spots = ((x, y) for row, y in enumerate(range(12, 118, 9)) for x in range(16 if row % 2 else 22, 86, 12))
    lattice = '<path d="' + "".join(f"M{x} {y}l6 8.5l-6 8.5l-6-8.5z" for x, y in spots) + '"/>'
    parts.append(
        f'<g id="back"><rect x=".5" y=".5" width="99" height="139" rx="7" fill="{IVORY}" stroke="{LINE}"/>'
        f'<rect x="5" y="5" width="90" height="130" rx="4" fill="#3a1536"/><rect x="8" y="8" width="84" height="124" rx="3" fill="none" stroke="{GOLD}" stroke-width=".8"/>'
        f'<g fill="none" stroke="{GOLD}" stroke-width=".5" opacity=".6">{lattice}</g>'
        f'<circle cx="50" cy="70" r="20" fill="#3a1536" stroke="{GOLD}"/><g color="{GOLD}" transform="translate(33 53) scale(.71)">{logo()}</g></g>'
    )
    return '<svg xmlns="http://www.w3.org/2000/svg"><defs>' + "\n".join(parts) + "</defs></svg>\n"


def logo() -> str:
    """A column for the I of Imperio between two branches of laurel, in 48 × 48."""
    leaves = []
    for step in range(5):
        angle = math.radians(110 + step * 29)
        x, y = 24 + 17.5 * math.cos(angle), 25 + 17.5 * math.sin(angle)
        lean = math.degrees(angle) + 90
        for side, out in ((-38, 1.0), (38, 1.0)):
            size = out * 1.28 * (1 - 0.06 * step)
            leaves.append((x, y, lean + side + 90, size))
    left = "".join(
        f'<path d="M0 0Q2.6-3.4 0-7.6Q-2.6-3.4 0 0Z" transform="translate({number(x)} {number(y)}) rotate({lean % 360:.0f}) scale({size:.2f})"/>'
        for x, y, lean, size in leaves
    )
    column = '<path d="M17.5 12.5H30.5V15.5H28.6Q28 17 28 18.5V31.5Q28 33 28.6 34.5H30.5V37.5H17.5V34.5H19.4Q20 33 20 31.5V18.5Q20 17 19.4 15.5H17.5Z"/>'
    star = (
        '<path d="M24 2.5L25.4 6.6L29.5 8L25.4 9.4L24 13.5L22.6 9.4L18.5 8L22.6 6.6Z" transform="translate(0 -2.4)"/>'
    )
    return f'<g fill="currentColor">{star}{column}<g>{left}</g><g transform="matrix(-1 0 0 1 48 0)">{left}</g></g>'


ICONS = {
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5a2.2 2.2 0 0 0 4 0",
    "person": "M12 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
    "chat": "M4 5.5h16v11h-8.5L7 20.5v-4H4zM8 9.5h8M8 12.5h5",
    "close": "M6 6l12 12M18 6L6 18",
    "check": "M4.5 12.5l5 5l10-11",
    "alert": "M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.1",
    "info": "M12 21a9 9 0 1 0 0-18a9 9 0 0 0 0 18M12 11v5.5M12 7.6v.1",
    "send": "M4 12l16.5-8l-5 16.5l-4-7zM11.5 13.5l9-9.5",
    "flag": "M6 21V4h11l-2.2 4L17 12H6",
    "crown": "M4 18.5L2.8 8l5 4L12 5l4.2 7l5-4L20 18.5zM4.5 21h15",
    "gift": "M4 11h16v9.5H4zM3 7.5h18V11H3zM12 7.5v13M12 7.5C9 7.5 7 6.5 7.3 4.7C7.7 2.8 11 3.5 12 7.5C13 3.5 16.3 2.8 16.7 4.7C17 6.5 15 7.5 12 7.5",
    "laurel": "M12 21c-5 0-8.5-3.5-8.5-8.5M12 21c5 0 8.5-3.5 8.5-8.5M3.5 12.5C2.8 9.5 3.3 7.5 5 5.5c1.6 2.4 1.3 5-1.5 7M20.5 12.5c.7-3 .2-5-1.5-7c-1.6 2.4-1.3 5 1.5 7M6 17.5c.7-2.6 2.3-3.6 4.5-3.5c-.3 2.6-1.8 3.8-4.5 3.5M18 17.5c-.7-2.6-2.3-3.6-4.5-3.5c.3 2.6 1.8 3.8 4.5 3.5",
    "wallet": "M4 7.5h15.5v12H5.5A1.5 1.5 0 0 1 4 18zM4 7.5A2 2 0 0 1 6 5.5L17 3.5v4M19.5 11.5H15.5a2 2 0 0 0 0 4h4",
    "clock": "M12 21a9 9 0 1 0 0-18a9 9 0 0 0 0 18M12 7v5.2l3.5 2",
    "chart": "M4 4v16.5h16.5M8 16.5v-4M12 16.5v-9M16 16.5v-6",
    "seal": "M12 14.5a5.5 5.5 0 1 0 0-11a5.5 5.5 0 0 0 0 11M9.7 9l1.6 1.6l3-3.2M8.5 13.5L7 21l5-2.5L17 21l-1.5-7.5",
    "shield": "M12 3l7.5 2.5v6c0 4.7-3 7.8-7.5 9.5c-4.5-1.7-7.5-4.8-7.5-9.5v-6z",
    "gear": "M12 15.2a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 0 0 0 6.4M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1",
    "sound": "M4 9.5v5h3.5l5 4.5V5l-5 4.5zM16 9a4.2 4.2 0 0 1 0 6M18.5 6.5a7.8 7.8 0 0 1 0 11",
    "leave": "M14 4H5v16h9M10 12h11M17.5 8.5L21 12l-3.5 3.5",
    "moon": "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5",
    "palace": "M3 20.5h18M5 20.5v-9M19 20.5v-9M3.5 11.5h17L12 4.5zM9.5 20.5v-4.5a2.5 2.5 0 0 1 5 0v4.5",
    "cherries": "M8 20.5a3.7 3.7 0 1 0 0-7.4a3.7 3.7 0 0 0 0 7.4M16.5 18.5a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7M8.5 13c.5-4 3-7.5 7-9.5c-1 3-.5 5.5.7 8M15.5 3.5c2-.5 4 0 5 2c-2 .8-4 .2-5-2",
    "table": "M3 9.5c0-2 4-3.5 9-3.5s9 1.5 9 3.5s-4 3.5-9 3.5s-9-1.5-9-3.5M12 13v6.5M8 20.5c1-1 7-1 8 0M3 9.5v2c0 2 4 3.5 9 3.5s9-1.5 9-3.5v-2",
    "podium": "M9 20.5v-12h6v12M3.5 20.5v-7H9M15 11h5.5v9.5M2.5 20.5h19M12 3v2.5",
    "wheel": "M12 21a9 9 0 1 0 0-18a9 9 0 0 0 0 18M12 15a3 3 0 1 0 0-6a3 3 0 0 0 0 6M12 3v6M12 15v6M3 12h6M15 12h6M5.7 5.7l4.2 4.2M14.1 14.1l4.2 4.2M18.3 5.7l-4.2 4.2M9.9 14.1l-4.2 4.2",
    "spade": "M12 3c2.5 4 8 6.5 8 11a4 4 0 0 1-7.3 2.2c.1 2 .8 3.3 2.3 4.3H9c1.5-1 2.2-2.3 2.3-4.3A4 4 0 0 1 4 14c0-4.5 5.5-7 8-11",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13a6.5 6.5 0 0 0 0 13M15.5 15.5L20.5 20.5",
    "eye": "M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12M12 15a3 3 0 1 0 0-6a3 3 0 0 0 0 6",
    "lock": "M5.5 11h13v9.5h-13zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2.5",
    "copy": "M9 9h11v11.5H9zM15 9V4H4v11.5h5",
    "download": "M12 4v11M7.5 11L12 15.5L16.5 11M4.5 20h15",
    "play": "M7 4.5v15l12.5-7.5z",
    "pause": "M8 5v14M16 5v14",
    "left": "M20 12H4M10.5 5.5L4 12l6.5 6.5",
    "right": "M4 12h16M13.5 5.5L20 12l-6.5 6.5",
    "undo": "M4 9.5h10a5.5 5.5 0 0 1 0 11H8M8.5 5L4 9.5L8.5 14",
    "redo": "M20 9.5H10a5.5 5.5 0 0 0 0 11h6M15.5 5L20 9.5L15.5 14",
    "trash": "M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5l1 14h9l1-14M10 10.5v6M14 10.5v6",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "users": "M9 11.5a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7M2.5 20c.5-3.6 3-5.5 6.5-5.5s6 1.9 6.5 5.5M16 5a3.3 3.3 0 0 1 0 6.3M17.5 14.8c2.3.6 3.7 2.4 4 5.2",
    "up": "M12 19V5M6 11l6-6l6 6",
    "down": "M12 5v14M6 13l6 6l6-6",
    "flame": "M12 3c.5 4 5.5 6 5.5 11.5A5.5 5.5 0 0 1 12 21a5.5 5.5 0 0 1-5.5-6c0-2.5 1.5-4 2.5-5.5c.5 1.5 1 2 1.5 2C11 9 10.5 6 12 3",
    "star": "M12 3.5l2.6 5.6l6 .7l-4.5 4.1l1.2 6.1L12 17l-5.3 3l1.2-6.1l-4.5-4.1l6-.7z",
    "eyeoff": "M3.5 4.5l17 16M9.5 6c.8-.3 1.6-.5 2.5-.5c3.7 0 7 2 9.5 6.5c-.9 1.6-1.9 2.9-3 3.9M6 8C4.7 9 3.5 10.3 2.5 12C5 16.5 8.3 18.5 12 18.5c1.4 0 2.8-.3 4-.9",
}


def icons() -> str:
    parts = [f'<symbol id="{name}" viewBox="0 0 24 24"><path d="{path}"/></symbol>' for name, path in ICONS.items()]
    parts.append(f'<symbol id="logo" viewBox="0 0 48 48" stroke="none">{logo()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(parts) + "\n</svg>\n"


def favicon() -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="11" fill="#1c121c"/><g color="{GOLD}">{logo()}</g></svg>\n'


def wordmark() -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" color="{GOLD}">{logo()}</svg>\n'


if __name__ == "__main__":
    IMG.mkdir(parents=True, exist_ok=True)
    (IMG / "icons.svg").write_text(icons(), encoding="utf-8")
    (IMG / "cards.svg").write_text(cards(), encoding="utf-8")
    (IMG / "favicon.svg").write_text(favicon(), encoding="utf-8")
    (IMG / "logo.svg").write_text(wordmark(), encoding="utf-8")

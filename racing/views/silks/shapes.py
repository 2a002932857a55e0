"""Where each pattern lies on the jacket, on the sleeves and on the cap.

Coordinates are those of the drawing (30 by 30) on jacket and cap; on a sleeve they run along it, from the shoulder (0)
to the cuff (12), then across it, from the outside (0) to the inside (5). What hangs over an edge is cut off later.
"""

from collections.abc import Mapping
from typing import Final

from racing.views.silks.outlines import Disc, Polygon, Shape, box, diamond, mirrored, star

_FIVE: Final = ((11.3, 13), (18.7, 13), (15, 19), (11.3, 25), (18.7, 25))
_ALONG: Final = ((3.6, 1.6), (6.6, 3.2), (9.8, 1.8))
_CROWN: Final = ((12, 5), (15, 2.8), (18, 5))


def _roof(x: float, y: float, half: float, height: float, thick: float) -> Polygon:
    """Return a chevron with its point up, at (x, y)."""
    return (
        (x, y), (x + half, y + height), (x + half, y + height + thick), (x, y + thick), (x - half, y + height + thick),
        (x - half, y + height),
    )  # fmt: skip


def _tiles(left: float, top: float, width: float, height: float, across: int, down: int) -> tuple[Polygon, ...]:
    """Return every other field of a board."""
    return tuple(
        box(left + x * width, top + y * height, left + (x + 1) * width, top + (y + 1) * height)
        for y in range(down)
        for x in range(across)
        if (x + y) % 2
    )


def _both(polygon: Polygon) -> tuple[Polygon, Polygon]:
    return polygon, mirrored(polygon)


def _hollow(outer: Polygon, inner: Polygon) -> tuple[Polygon, Polygon]:
    """Return two shapes of which the inner, wound the other way, is a hole."""
    return outer, inner[::-1]


_SASH: Final = ((19.5, 7), (23.5, 9), (10.5, 30), (6.5, 27))
_EMBLEM: Final = ((12, 15), (18, 15), (18, 19.5), (15, 23), (12, 19.5))

ON_BODY: Final[Mapping[str, tuple[Shape, ...]]] = {
    "hoops": (box(8, 11.8, 22, 15), box(8, 18.2, 22, 21.4), box(8, 24.6, 22, 27.8)),
    "hoop": (box(8, 16.2, 22, 21),),
    "stripes": (box(9.2, 8, 11.5, 29), box(13.85, 8, 16.15, 29), box(18.5, 8, 20.8, 29)),
    "stripe": (box(13, 8, 17, 29),),
    "diagonal stripes": tuple(
        ((22, top), (22, top + 3.4), (8, top + 17.4), (8, top + 14)) for top in (-3, 4, 11, 18)
    ),
    "chevrons": tuple(_roof(15, top, 7, 4.5, 2.8) for top in (9.6, 15.6, 21.6)),
    "chevron": (_roof(15, 13.5, 7, 6.5, 4),),
    "v": (((8, 9), (11.4, 9), (15, 16.5), (18.6, 9), (22, 9), (22, 10.5), (15, 22.5), (8, 10.5)),),
    "braces": _both(box(9.6, 8, 12, 29)),
    "cross belts": _both(((6, 9), (9.6, 7), (24, 27), (20.4, 30))),
    "sash": (_SASH,),
    "cross of lorraine": (box(13.7, 11, 16.3, 27), box(11.4, 13, 18.6, 15.2), box(9.6, 17.8, 20.4, 20.2)),
    "cross": (box(13.2, 8, 16.8, 29), box(8, 16.2, 22, 19.8)),
    "maltese cross": (
        ((15, 19), (11.6, 12.4), (18.4, 12.4)), ((15, 19), (21, 15.6), (21, 22.4)),
        ((15, 19), (18.4, 25.6), (11.6, 25.6)), ((15, 19), (9, 22.4), (9, 15.6)),
    ),
    "disc": (Disc(15, 18.6, 5),),
    "diabolo": (((6, 8.4), (24, 8.4), (15, 19)), ((15, 19), (24, 29.6), (6, 29.6))),
    "diamonds": tuple(diamond(10.33 + 4.67 * x, 12.3 + 6.6 * y, 2.33, 3.3) for y in range(3) for x in range(3)),
    "diamond": (diamond(15, 18.8, 5.4, 7.2),),
    "triple diamond": tuple(diamond(15, y, 3.6, 3.1) for y in (12.4, 18.6, 24.8)),
    "diamond hoop": tuple(diamond(x, 18.8, 2.33, 3.4) for x in (10.33, 15, 19.67)),
    "diamond frame": _hollow(diamond(15, 18.8, 6, 8), diamond(15, 18.8, 3.6, 5)),
    "hollow box": _hollow(box(10.2, 13, 19.8, 25), box(12.8, 15.8, 17.2, 22.2)),
    "epaulettes": _both(((8, 8), (12.8, 8), (12.2, 12), (8, 14.4))),
    "halved": (box(15, 8, 22, 29),),
    "quartered": (box(15, 8, 22, 18.8), box(8, 18.8, 15, 29)),
    "inverted triangle": (((9, 11), (21, 11), (15, 25)),),
    "triangle": (((15, 11.5), (21, 25), (9, 25)),),
    "large spots": tuple(Disc(x, y, 2.7) for x, y in _FIVE),
    "spots": tuple(
        Disc(x, y, 1.3) for y, row in ((12, 0), (16.2, 1), (20.4, 0), (24.6, 1)) for x in
        ((10.6, 15, 19.4), (12.8, 17.2))[row]
    ),
    "spot": (Disc(15, 18.6, 3.4),),
    "stars": tuple(star(x, y, 2.9) for x, y in _FIVE),
    "star": (star(15, 19.4, 6.6),),
    "panel": (box(11.3, 8, 18.7, 29),),
    "seams": (box(14.4, 8, 15.6, 29), box(8, 8, 9.2, 29), box(20.8, 8, 22, 29)),
    "check": _tiles(8, 9, 3.5, 4, 4, 5),
    "blocks": _tiles(8, 8.8, 4.67, 5.05, 3, 4),
    "yoke": (box(8, 8, 22, 14.4),),
    "braid": (box(14.4, 8, 15.6, 29), *(box(10.5, y, 19.5, y + 1.1) for y in (12, 15.4, 18.8, 22.2)),
              box(12, 8, 18, 9.9)),
    "waistband": (box(8, 26.2, 22, 29),),
    "collar": (((11, 8), (19, 8), (17.4, 11.2), (12.6, 11.2)),),
    "lightning bolt": (((16.6, 11), (11.4, 20), (14.4, 20), (12.6, 27), (19, 17.4), (15.8, 17.4), (18.6, 11)),),
    "heart": (((15, 25.4), (9.8, 18.6), (10, 15.6), (12, 14.2), (14, 14.8), (15, 16.4), (16, 14.8), (18, 14.2),
               (20, 15.6), (20.2, 18.6)),),
    "horseshoe": (((11.6, 25), (10.6, 18), (11.6, 14.6), (15, 13), (18.4, 14.6), (19.4, 18), (18.4, 25), (16.2, 25),
                   (17.2, 18), (16.4, 16), (15, 15.4), (13.6, 16), (12.8, 18), (13.8, 25)),),
    "shamrock": (Disc(15, 15.4, 2.5), Disc(12.4, 19.4, 2.5), Disc(17.6, 19.4, 2.5),
                 box(14.4, 17, 15.6, 25)),
    "emblem": (_EMBLEM,),
}  # fmt: skip

ON_SLEEVE: Final[Mapping[str, tuple[Shape, ...]]] = {
    "hoops": tuple(box(t, 0, t + 2, 5) for t in (2.2, 6.2, 10.2)),
    "hoop": (box(6, 0, 8.6, 5),),
    "stripes": (box(0, 0.7, 13, 1.7), box(0, 3, 13, 4)),
    "stripe": (box(0, 1.6, 13, 3.2),),
    "chevrons": tuple(((t, 2.4), (t + 2, 5), (t + 4, 5), (t + 2, 2.4), (t + 4, 0), (t + 2, 0)) for t in (2, 6, 10)),
    "chevron": (((4.6, 2.4), (7.2, 5), (9.6, 5), (7, 2.4), (9.6, 0), (7.2, 0)),),
    "diabolo": (((0, -1), (0, 6), (7, 2.4)), ((7, 2.4), (13, 5.6), (13, -0.8))),
    "diamonds": tuple(diamond(t, 2.4, 1.9, 1.9) for t in (3.4, 7.2, 11)),
    "diamond": (diamond(7.2, 2.4, 3, 2.2),),
    "epaulettes": (box(0, -1, 3.8, 6),),
    "halved": (box(0, 2.4, 13, 6),),
    "quartered": (box(0, 2.4, 7, 6), box(7, -1, 13, 2.4)),
    "spots": tuple(Disc(t, s, 1.1) for t, s in (*_ALONG, (11.4, 3.7))),
    "stars": tuple(star(t, s, 1.9) for t, s in _ALONG),
    "star": (star(7.2, 2.4, 2.6),),
    "disc": (Disc(7.2, 2.4, 2),),
    "seams": (box(0, 0, 13, 1.1),),
    "check": _tiles(1, 0, 2.24, 2.4, 5, 2),
    "armlets": (box(6, 0, 8.8, 5),),
    "cuffs": (box(10.4, -1, 13, 6),),
    "lightning bolt": (((2.4, 1), (8, 2), (7.4, 3), (11.8, 4), (6, 3.6), (6.4, 2.6)),),
    "emblem": (box(6, 1.2, 8.6, 3.6),),
}  # fmt: skip

ON_CAP: Final[Mapping[str, tuple[Shape, ...]]] = {
    "hoops": (box(9, 1.8, 21, 3.4), box(9, 5, 21, 6.8)),
    "hoop": (box(9, 3.4, 21, 5.4),),
    "stripes": (box(11, 0, 12.8, 7), box(14.1, 0, 15.9, 7), box(17.2, 0, 19, 7)),
    "stripe": (box(13.8, 0, 16.2, 7),),
    "diagonal stripes": tuple(((x, 0), (x + 2, 0), (x - 4, 7), (x - 6, 7)) for x in (14, 18.4, 22.8)),
    "chevrons": (_roof(15, 0.4, 7, 4, 1.5), _roof(15, 3.4, 7, 4, 1.5)),
    "chevron": (_roof(15, 2, 7, 4, 2),),
    "diabolo": (((8, 0), (22, 0), (15, 4)), ((15, 4), (22, 8), (8, 8))),
    "diamonds": tuple(diamond(x, 4.2, 1.6, 2.2) for x in (11.8, 15, 18.2)),
    "diamond": (diamond(15, 3.9, 2.3, 2.7),),
    "cross belts": _both(((9, 0), (11.4, 0), (21, 7), (18.6, 7))),
    "sash": (((17.6, 0), (20.4, 0), (12.4, 7), (9.6, 7)),),
    "cross": (box(14, 0, 16, 7), box(9, 3, 21, 4.8)),
    "halved": (box(15, 0, 21, 7),),
    "quartered": (box(15, 0, 21, 3.9), box(9, 3.9, 15, 7)),
    "spots": tuple(Disc(x, y, 0.95) for x, y in (*_CROWN, (15, 5.6))),
    "spot": (Disc(15, 3.9, 1.8),),
    "disc": (Disc(15, 3.9, 2.2),),
    "stars": tuple(star(x, y, 1.9) for x, y in _CROWN),
    "star": (star(15, 4.2, 3),),
    "seams": (box(14.5, 0, 15.5, 7), box(9, 6, 21, 7)),
    "check": _tiles(9.4, 1, 2.24, 1.95, 5, 3),
    "button": (Disc(15, 1.1, 1),),
    "emblem": (box(13.6, 2.6, 16.4, 5.4),),
}  # fmt: skip

"""Saves PNG pictures with a palette: a third of their size.

The colours of areas stay exactly what they are; only shades of smoothed edges move to their nearest neighbour.
"""

import sys
from pathlib import Path

from PIL import Image

# together at most 256
EXACT = 128
SHADES = 96


Color = tuple[int, int, int]


def palette_of(counted: list[tuple[int, Color]]) -> list[Color]:
    """The most frequent colours, and such as cover the rest."""
    colors = [color for _, color in counted[:EXACT]]
    rest = [color for _, color in counted[EXACT:]]
    if rest:
        shades = Image.new("RGB", (len(rest), 1))
        shades.putdata(rest)
        flat = shades.quantize(colors=SHADES, method=Image.Quantize.MAXCOVERAGE).getpalette()
        colors += [tuple(flat[i : i + 3]) for i in range(0, len(flat), 3)]
    return list(dict.fromkeys(colors))[:256]


def nearest(color: Color, palette: list[Color]) -> int:
    r, g, b = color
    return min(
        range(len(palette)),
        key=lambda i: (palette[i][0] - r) ** 2 + (palette[i][1] - g) ** 2 + (palette[i][2] - b) ** 2,
    )


def with_palette(picture: Image.Image) -> Image.Image:
    """Not by Pillow's own mapping, which looks at six bits of a colour: it makes white a light grey."""
    counted = sorted(picture.getcolors(picture.width * picture.height), reverse=True)
    palette = palette_of(counted)
    place = {color: i for i, color in enumerate(palette)}
    for _, color in counted:
        if color not in place:
            place[color] = nearest(color, palette)
    small = Image.new("P", picture.size)
    small.putpalette([channel for color in palette for channel in color])
    pixels = picture.tobytes()
    small.putdata([place[color] for color in zip(pixels[0::3], pixels[1::3], pixels[2::3])])
    return small


def shrink(path: Path) -> tuple[int, int]:
    """The bytes before and after."""
    before = path.stat().st_size
    with Image.open(path) as picture:
        if picture.mode == "P":
            return before, before
        full = picture.convert("RGB")
    with_palette(full).save(path, "PNG", optimize=True)
    return before, path.stat().st_size


sizes = [shrink(Path(name)) for name in sys.argv[1:]]
print(f"{sum(b for b, _ in sizes) / 1e6:.1f} MB -> {sum(a for _, a in sizes) / 1e6:.1f} MB")

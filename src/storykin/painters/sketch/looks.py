"""Painters, sketch: looks."""


def restyle(svg: str, art: str, seed: int) -> str:
    return svg

"""A thing already drawn: its SVG about a ground point, and where a hand or a rider meets it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawn:
    """One drawn thing in centimetres; the origin is its bottom middle and y points down."""

    svg: str
    width: float
    height: float
    grip: tuple[float, float] = (0.0, 0.0)
    seat: tuple[float, float] = (0.0, 0.0)

"""Models: the bases themselves, for whoever teaches them and whoever paints with them: finding, loading, packing, streaming, and what fits on a card.

Stands below the crafts and above the values; knows no character, no training and no page.
"""

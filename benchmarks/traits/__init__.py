"""The trait reader of drawn figures: its world, its nets, how it learns and what it can."""

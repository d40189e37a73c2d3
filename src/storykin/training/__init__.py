"""Training: a character's photos become an adapter (LoRA) for one family of models.

plan ──▶ caches ──▶ loop (one, for all families) ──▶ previews, scores ──▶ the best adapter, in files that load everywhere.
A family is a `Learner` in `learners/` and a row in `families.py`, never a new script.
"""

"""How surely the critic finds what drifts in a drawn book: `python -m benchmarks.drift make|tune|measure`.

books ──▶ pages, each as promised and once with one fault drawn into it ──readers──▶ readings ──judging──▶ tables
"""

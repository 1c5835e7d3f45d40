"""What a checkout costs, against the barest page that does the same: `python -m bench`. See docs/bench.md."""

"""What it costs: ``python -m tests.benchmarks`` prints the table of the README."""

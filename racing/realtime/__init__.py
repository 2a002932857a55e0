"""How a change reaches the punters. Only this package emits."""

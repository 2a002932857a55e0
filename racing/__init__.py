"""Live racing odds: what is kept, what is decided, and how it reaches the punters."""

"""How soon a page is there on a slow phone, and how heavy it is."""

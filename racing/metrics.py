"""What operators can count, each thing named and described once."""

from prometheus_client import Counter, Gauge

CONNECTIONS = Gauge("racing_connections", "Socket.IO connections to this worker.")
FOLLOWED_RACES = Gauge("racing_followed_races", "Races that somebody on this worker follows.")
PUBLISHED = Counter("racing_published_total", "Broadcasts of odds_update, by what caused them.", ["cause"])
REPAIRED = Counter("racing_repaired_total", "Races whose rooms the heartbeat found behind the database.")
PRICES_WRITTEN = Counter("racing_price_writes_total", "Requests that moved prices, by way in.", ["way"])
REFUSED_EVENTS = Counter("racing_refused_events_total", "Client events answered with an error, by its type.", ["type"])

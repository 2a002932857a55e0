"""What operators can count, each thing named and described once."""

from prometheus_client import Counter, Gauge

CONNECTIONS = Gauge("racing_connections", "Socket.IO connections to this worker.")
SUBSCRIPTIONS = Gauge("racing_subscriptions", "Races followed, summed over the connections to this worker.")
FOLLOWED_RACES = Gauge("racing_followed_races", "Races that somebody on this worker follows.")
PUBLISHED = Counter("racing_published_total", "Broadcasts of odds_update, by what caused them.", ["cause"])
REPAIRED = Counter("racing_repaired_total", "Races whose rooms the heartbeat found behind the database.")
PRICES_WRITTEN = Counter("racing_price_writes_total", "Requests that moved prices, by way in.", ["way"])
REFUSED_EVENTS = Counter("racing_refused_events_total", "Client events answered with an error, by its type.", ["type"])
REFUSED_CONNECTIONS = Counter("racing_refused_connections_total", "Connections refused, by reason.", ["type"])
SLOW_CLIENTS_CLOSED = Counter("racing_slow_clients_closed_total", "Transports closed on clients that do not read.")
TRANSPORTS_CUT = Counter("racing_transports_cut_total", "Transports closed by this worker, by cause.", ["cause"])
RELAYED = Counter("racing_relayed_total", "Broadcasts of other workers sent on to this worker's rooms.")
LINK_WAITING = Gauge("racing_link_waiting", "Messages to other workers that wait for Redis.")
LINK_DROPPED = Counter("racing_link_dropped_total", "Messages to other workers dropped because too many waited.")
REDIS_UP = Gauge("racing_redis_up", "1 while Redis answers this worker.")

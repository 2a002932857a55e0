"""WebSockets served by ourselves: no greenlet a connection, a broadcast framed once, one send() a client and turn."""

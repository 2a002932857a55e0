"""The edges, one module an audience: read the request, ask a service, answer."""

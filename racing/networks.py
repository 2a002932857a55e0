"""Whom an address is counted as: of IPv6 everybody has billions, and a limit for each of them would be none."""

from functools import lru_cache
from ipaddress import IPv6Address

OWN_BITS = 64
"""Of an IPv6 address, the bits that its holder chooses: a household or a server is given a network of that size."""


def network_of(address: str) -> str:
    """Return what `address` is counted under: itself, of IPv6 the network that it is of. Text of any kind is taken."""
    return _of_ipv6(address) if ":" in address else address


@lru_cache(10_000)
def _of_ipv6(address: str) -> str:
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> OWN_BITS << OWN_BITS)}/{128 - OWN_BITS}"

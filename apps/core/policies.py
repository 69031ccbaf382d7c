import ipaddress


def is_loopback(host: str) -> bool:
    """Whether this machine alone reaches a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

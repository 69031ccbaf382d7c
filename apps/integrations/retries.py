"""When a delivery that failed is tried again."""

WINDOW_SECONDS = 24 * 3600  # after it a delivery has failed for good
FIRST_SECONDS = 5
LONGEST_SECONDS = 2 * 3600


def wait_seconds(attempts: int, chance: float) -> float:
    """Seconds from attempt number `attempts` (from 1) to the next: doubling, spread by half.

    chance: in [0, 1); spreads the retries of many deliveries that failed at the same moment.
    """
    doubled = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(attempts - 1, 20))
    return doubled * (0.5 + chance)

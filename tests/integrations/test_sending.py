import socket
import threading
import time

import pytest

from apps.integrations import sending
from apps.integrations.retries import LONGEST_SECONDS, wait_seconds
from tests.integrations.receiver import receiver


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_is_public_of_an_address_inside(address: str) -> None:
    assert not sending.is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "::ffff:93.184.215.14"])
def test_is_public_of_an_address_of_the_internet(address: str) -> None:
    assert sending.is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]"]
)
def test_post_to_this_machine_reaches_nobody(host: str) -> None:
    with receiver() as there:
        url = there.url.replace("127.0.0.1", host)
        answer = sending.post(url, body=b"{}", headers={})
    assert (answer.status, answer.error.split(":")[0]) == (None, "AddressRefused")
    assert there.requests == []


def test_post_connects_to_the_address_that_was_judged() -> None:
    """The name in Host is never looked up again."""
    with receiver() as there:
        port = int(there.url.split(":")[2].split("/")[0])
        connection = sending._Pinned("lms.invalid", port, "127.0.0.1", None)
        connection.request("POST", "/", body=b"{}", headers={"webhook-id": "1"})
        assert connection.getresponse().status == 204
        connection.close()
    assert there.requests[0][0]["host"] == f"lms.invalid:{port}"


def test_post_follows_no_redirect() -> None:
    with receiver(lambda _number: 302) as there:
        headers = {"webhook-id": "1"}
        answer = sending.post(there.url, body=b"{}", headers=headers, private_hosts=["127.0.0.1"])
    assert (answer.status, len(there.requests)) == (302, 1)


def test_post_ends_when_an_answer_only_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        peer, _address = listener.accept()
        with peer:
            for _number in range(50):
                try:
                    peer.sendall(b"H")
                except OSError:
                    return
                time.sleep(0.1)

    thread = threading.Thread(target=drip)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    answer = sending.post(url, body=b"{}", headers={}, private_hosts=["127.0.0.1"])
    thread.join()
    listener.close()
    assert answer.status is None
    assert answer.seconds < 2


def test_wait_seconds_doubles_up_to_its_limit() -> None:
    assert [wait_seconds(number, 0.5) for number in (1, 2, 3, 12, 99)] == [
        5,
        10,
        20,
        LONGEST_SECONDS,
        LONGEST_SECONDS,
    ]
    assert wait_seconds(1, 0) == 2.5

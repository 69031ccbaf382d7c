import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def embedded(settings: Settings) -> None:
    settings.EMBEDDED = True


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[str]]:
    call_command("demo_accounts", *arguments)
    return [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]


def test_demo_accounts_prints_each_password_once(capsys: pytest.CaptureFixture[str]) -> None:
    printed = lines(capsys)
    assert [line[0] for line in printed] == ["instructor", "student", "student", "student"]
    for _role, email, password in printed:
        assert User.objects.get(email=email).check_password(password)

    *people, hint = lines(capsys)
    assert {line[2] for line in people} == {"password as printed before"}
    assert hint[-1].endswith("--reset-passwords")


def test_demo_accounts_resets_passwords(capsys: pytest.CaptureFixture[str]) -> None:
    first = lines(capsys)
    second = lines(capsys, "--reset-passwords")
    for (_role, email, old), (_role_again, _email, new) in zip(first, second, strict=True):
        user = User.objects.get(email=email)
        assert user.check_password(new)
        assert not user.check_password(old)


def test_demo_accounts_is_refused_where_others_can_reach_the_site() -> None:
    with pytest.raises(CommandError, match="other machines"):
        call_command("demo_accounts", "--host", "0.0.0.0")
    assert not User.objects.exists()


def test_demo_accounts_deletes_its_people(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    made = [email for _role, email, _password in lines(capsys)]
    settings.EMBEDDED = False  # whoever moved to production can still tidy up
    assert lines(capsys, "--delete") == [[email] for email in made]
    assert not User.objects.filter(is_erased=False).exists()

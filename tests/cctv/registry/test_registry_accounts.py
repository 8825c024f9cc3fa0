"""Who may sign in: lock-out, sessions, demo accounts, the first administrator."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from cctv.errors import AccessError, NotFoundError, ValidationError
from cctv.permissions import Role
from cctv.registry import Registry, accounts, history, passwords, sessions
from cctv.registry.access_log import log_access
from cctv.registry.models import Account

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DEMO = "sandi-contoh-1"


def attempt(registry: Registry, username: str, password: str, now: datetime = NOW) -> str:
    try:
        return accounts.check_password(registry, username, password, now).role
    except AccessError as error:
        return error.code


def test_the_five_demo_accounts_work_in_their_roles(registry: Registry) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    roles = {name: attempt(registry, name, DEMO) for name, _, _ in accounts.DEMO_ACCOUNTS}
    assert roles == {
        "pimpinan": "viewer", "perencana": "planner", "operator": "operator", "petugas": "editor", "admin": "admin",
    }  # fmt: skip


def test_demo_accounts_shut_for_production_open_again_for_a_demo(registry: Registry) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    accounts.set_role(registry, "admin", "pimpinan", Role.ADMIN)
    accounts.deactivate_demo_accounts(registry)
    assert attempt(registry, "admin", DEMO) == "wrong_password"
    assert not any(account.active for account in accounts.list_accounts(registry))
    accounts.ensure_demo_accounts(registry, "sandi-lain-22")
    assert attempt(registry, "pimpinan", "sandi-lain-22") == "viewer"


def test_a_persons_account_never_gets_the_demo_password(registry: Registry) -> None:
    accounts.create_account(registry, "admin", username="operator", display_name="Petugas jaga", role=Role.OPERATOR,
                            password="milik-sendiri")  # fmt: skip
    accounts.ensure_demo_accounts(registry, DEMO)
    assert attempt(registry, "operator", DEMO) == "wrong_password"
    assert attempt(registry, "operator", "milik-sendiri") == "operator"


@pytest.mark.parametrize("username", ["operator", "tidak.ada"])
def test_five_failures_lock_a_name_for_a_while_whether_or_not_it_exists(registry: Registry, username: str) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    assert [attempt(registry, username, "salah") for _ in range(6)] == ["wrong_password"] * 4 + ["locked"] * 2
    assert attempt(registry, username, DEMO) == "locked"
    later = NOW + accounts.LOCKED_FOR
    assert attempt(registry, username, "salah", later) == "wrong_password"
    assert attempt(registry, username, DEMO, later) == ("operator" if username == "operator" else "wrong_password")


def test_many_guesses_at_once_count_as_many(registry: Registry) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda i=i: found.append(attempt(registry, "operator", f"salah{i}"))) for i in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["locked"] * 8 + ["wrong_password"] * 4


def test_a_right_password_forgives_and_old_failures_are_forgotten(registry: Registry) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    for _ in range(3):
        assert [attempt(registry, "operator", "salah") for _ in range(4)] == ["wrong_password"] * 4
        assert attempt(registry, "operator", DEMO) == "operator"
    days = [NOW + timedelta(days=day) for day in range(8)]
    assert [attempt(registry, "operator", "salah", day) for day in days] == ["wrong_password"] * 8


def test_a_new_password_unlocks_and_signs_out(registry: Registry) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    session = sessions.open_session(registry, "operator", HOUR, NOW)
    assert [attempt(registry, "operator", "salah") for _ in range(5)][-1] == "locked"
    accounts.set_password(registry, "admin", "operator", "sandi-baru-33")
    assert attempt(registry, "operator", "sandi-baru-33") == "operator"
    assert sessions.session_account(registry, session, NOW) is None


def test_an_unknown_name_costs_the_same_work(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    verified: list[str] = []
    really = passwords._hasher.verify

    class Counting:
        hash = staticmethod(passwords._hasher.hash)

        @staticmethod
        def verify(password_hash: str, password: str) -> bool:
            verified.append(password_hash.rsplit("$", 2)[0])
            return really(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting)
    assert attempt(registry, "operator", "salah") == attempt(registry, "tidak.ada", "salah") == "wrong_password"
    assert len(verified) == 2
    assert verified[0] == verified[1], "one hash each, of the same cost"


def test_passwords_and_names_are_unreadable_in_the_file(registry: Registry) -> None:
    token = accounts.first_admin_token(registry, NOW) or ""
    accounts.ensure_demo_accounts(registry, DEMO)
    attempt(registry, "sandi-di-kolom-nama", "salah")
    session = sessions.open_session(registry, "operator", HOUR, NOW)
    assert all("argon2" not in str(change) for change in history.changes(registry))
    registry.close()
    written = registry.path.read_bytes()
    assert len(token) == len(session) == 43
    assert not [text for text in (DEMO, "sandi-di-kolom-nama", token, session) if text.encode() in written]


def test_sessions_end_by_time_sign_out_and_every_change_of_the_account(registry: Registry) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)

    def opened() -> str:
        return sessions.open_session(registry, "operator", HOUR, NOW)

    def who(session: str, now: datetime = NOW) -> Account | None:
        return sessions.session_account(registry, session, now)

    first = opened()
    assert who(first) == accounts.get_account(registry, "operator")
    assert who(first, NOW + HOUR) is None
    sessions.close_session(registry, first)
    assert who(first) is None
    second = opened()
    accounts.set_role(registry, "admin", "operator", Role.VIEWER)
    assert who(second) is None
    third = opened()
    accounts.set_active(registry, "admin", "operator", active=False)
    assert who(third) is None
    assert who("bukan sesi") is None


def test_the_set_up_token_works_once_and_for_a_day(registry: Registry) -> None:
    token = accounts.first_admin_token(registry, NOW)
    assert token is not None

    def use(username: str, now: datetime) -> Account:
        return accounts.use_admin_token(registry, token, username=username, display_name="Kepala",
                                        password="sandi-panjang", now=now)  # fmt: skip

    with pytest.raises(AccessError, match="setup_token"):
        use("kepala", NOW + timedelta(hours=24))
    with pytest.raises(ValidationError):
        use("Nama Salah", NOW)
    assert use("kepala", NOW).role is Role.ADMIN
    with pytest.raises(AccessError, match="setup_token"):
        use("lain", NOW)
    assert accounts.first_admin_token(registry, NOW) is None


def test_the_set_up_token_makes_one_admin_even_if_used_twice_at_once(registry: Registry) -> None:
    token = accounts.first_admin_token(registry, NOW) or ""
    found: list[str] = []

    def use(username: str) -> None:
        try:
            accounts.use_admin_token(registry, token, username=username, display_name=username,
                                     password="sandi-panjang", now=NOW)  # fmt: skip
            found.append("made")
        except AccessError as error:
            found.append(error.code)

    threads = [threading.Thread(target=use, args=(f"kepala{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["made"] + ["setup_token"] * 3
    assert len(accounts.list_accounts(registry)) == 1


def test_account_changes_stand_in_the_history_and_sign_ins_do_not(registry: Registry) -> None:
    accounts.ensure_demo_accounts(registry, DEMO)
    data, people = history.data_version(registry), history.account_version(registry)
    attempt(registry, "operator", "salah")
    attempt(registry, "operator", DEMO)
    sessions.open_session(registry, "operator", HOUR, NOW)
    log_access(registry, "operator", "lihat_gambar", "K-0001")
    assert (history.data_version(registry), history.account_version(registry)) == (data, people)
    accounts.set_role(registry, "admin", "operator", Role.VIEWER, "dishub")
    assert history.data_version(registry) == data
    assert history.account_version(registry) > people
    change = history.changes(registry, "account", "operator", limit=1)[0]
    assert (change.actor, change.before["role"], change.after["role"]) == ("admin", "operator", "viewer")


def test_an_account_that_is_not_there_cannot_be_changed(registry: Registry) -> None:
    with pytest.raises(NotFoundError):
        accounts.set_password(registry, "admin", "tidak.ada", "sandi-panjang")
    with pytest.raises(NotFoundError):
        accounts.require_account(registry, "tidak.ada")

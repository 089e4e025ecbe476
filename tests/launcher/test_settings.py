"""What a person may set, and the sentence when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.account import CannotStart, is_root
from launcher.channels import channels_of
from launcher.settings import CLONE, LauncherSettings
from launcher.table import draw, read_demo, rows
from sandbox import world as sandbox_world


def test_nothing_needs_to_be_set() -> None:
    settings = LauncherSettings.from_env({})
    assert (settings.port, settings.sandbox_port, settings.web_url) == (8000, 8001, "http://127.0.0.1:8000")
    assert settings.embed_url != settings.public_url
    assert settings.state == CLONE / ".state" or is_root()


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"DUKOU_PORT": "web"}, "DUKOU_PORT is 'web'"),
        ({"DUKOU_PORT": "70000"}, "between 1 and 65535"),
        ({"DUKOU_PORT": "8001"}, "must differ"),
        ({"DATABASE_URL": "postgresql:///x"}, "go together"),
        ({"MIGRATION_DATABASE_URL": "postgresql:///x"}, "go together"),
    ],
)
def test_a_wrong_setting_is_named(env: dict[str, str], sentence: str) -> None:
    with pytest.raises(CannotStart, match=sentence):
        LauncherSettings.from_env(env)


def test_an_address_for_everybody_is_reached_on_this_machine() -> None:
    assert LauncherSettings.from_env({"DUKOU_BIND": "0.0.0.0"}).web_url == "http://127.0.0.1:8000"
    assert LauncherSettings.from_env({"DUKOU_BIND": "::"}).web_url == "http://[::1]:8000"


def test_the_bank_gets_no_vendors_private_half(tmp_path: Path) -> None:
    world = sandbox_world.create(tmp_path / "world.json", base_url="http://s", bank_url="http://b")
    channels = str(channels_of(world, "http://s"))
    private = (
        world["wechat_pay"]["platform_private_key_pem"],
        world["wechat_pay"]["platform_certificate"]["private_key_pem"],
        world["tsa"]["private_key_pem"],
        world["partner"]["private_key_pem"],
    )
    assert not any(repr(key)[1:-1] in channels for key in private)
    assert world["wechat_pay"]["api_v3_key"] in channels


def test_the_demo_answers_with_its_last_line() -> None:
    assert read_demo('loading\n{"staff": {}}\n') == {"staff": {}}
    assert read_demo('{\n "staff": {}\n}') == {"staff": {}}
    with pytest.raises(CannotStart, match="how to sign in"):
        read_demo("done")


def test_the_table_keeps_addresses_whole() -> None:
    demo = {"rows": [{"address": "http://127.0.0.1:8000/console", "for": "staff", "try": "x " * 60, "sign_in": "-"}]}
    table = draw(rows(LauncherSettings.from_env({}), demo), width=100)
    assert "http://127.0.0.1:8000/console" in table
    assert max(map(len, table.splitlines())) <= 100

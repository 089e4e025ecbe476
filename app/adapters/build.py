"""The only file that names vendors: makes every channel from the settings."""

from __future__ import annotations

from app.adapters import Channels
from app.adapters.bureau import port as bureau_port
from app.adapters.core_bank import port as core_bank_port
from app.adapters.esign.pades import PadesSeal
from app.adapters.ports import PortClient
from app.adapters.sms import port as sms_port
from app.adapters.tax import port as tax_port
from app.adapters.test_world import NoTestWorld, TestWorld
from app.adapters.test_world.sandbox import SandboxWorld
from app.adapters.wechat_login.client import PlatformLogin
from app.adapters.wechat_messages.client import PlatformMessages
from app.adapters.wechat_pay.client import PayClient
from config.settings import Settings, SettingsError


def build(settings: Settings) -> Channels:
    """All doors, none of them opened yet: nothing is called here. Raises SettingsError naming what is missing."""
    sections = settings.channels
    try:
        login = PlatformLogin(sections["wechat_login"])
        return Channels(
            wechat_login=login,
            wechat_messages=PlatformMessages(login.mini_program, sections["wechat_messages"]),
            wechat_pay=PayClient(sections["wechat_pay"], sections["wechat_login"]["mini"]["appid"]),
            sms=sms_port.PortSms(PortClient("sms", sections["sms"], sms_port.down)),
            core_bank=core_bank_port.PortCoreBank(PortClient("core_bank", sections["core_bank"], core_bank_port.down)),
            bureau=bureau_port.PortBureau(PortClient("bureau", sections["bureau"], bureau_port.down)),
            tax=tax_port.PortTax(PortClient("tax", sections["tax"], tax_port.down)),
            esign=PadesSeal(sections["esign"], sections["tsa"]),
            test_world=_test_world(settings),
        )
    except KeyError as error:
        raise SettingsError(f"The channels file lacks {error}.") from None
    except (ValueError, TypeError):  # their text may hold a part of a key
        raise SettingsError("The channels file holds a key or value that cannot be used.") from None


def _test_world(settings: Settings) -> TestWorld:
    """Vendors whose time can be moved; without them the clock cannot be moved either, or bills would not agree."""
    return SandboxWorld(settings.channels["test_world"]) if settings.test_clock else NoTestWorld()

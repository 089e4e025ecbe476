"""How personal data is shown: enough to recognise one's own, not enough to learn another's."""

from __future__ import annotations


def mask_phone(phone: str) -> str:
    """`13812340721` → `138****0721`."""
    return f"{phone[:3]}****{phone[-4:]}"


def mask_name(name: str | None) -> str | None:
    """The first character and one star, however long the name: `测试林` → `测*`."""
    return f"{name[0]}*" if name else None


def mask_id_no(id_no: str | None) -> str | None:
    """The region's first three digits and the last four characters."""
    return f"{id_no[:3]}{'*' * 11}{id_no[-4:]}" if id_no else None


def mask_uscc(uscc: str) -> str:
    """`91330106MA2X017T3K` → `9133 **** **** T3K`."""
    return f"{uscc[:4]} **** **** {uscc[-3:]}"

"""Amounts in Chinese capital figures, as cheques, loan notes and receipts must show them.

Rules: the common practice of 《支付结算办法》 annex 1 (正确填写票据和结算凭证的基本规定). Own code,
because no library on hand writes 整 after 角, refuses a third decimal and stays exact at once.
"""

from decimal import Decimal, InvalidOperation

from .checks import is_integer
from .errors import AmountError

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
MAX_FEN = 10**18 - 1


def uppercase(amount_fen: int) -> str:
    """The amount with the prefix 人民币: 860664 fen is 人民币捌仟陆佰零陆元陆角肆分.

    整 follows 元 and 角, not 分. Raises `amount.not_integer`, `amount.out_of_range` (below 0 or from 10^16 yuan).
    """
    if not is_integer(amount_fen):
        raise AmountError("not_integer", "the amount must be an integer number of fen")
    if not 0 <= amount_fen <= MAX_FEN:
        raise AmountError("out_of_range", "only amounts from 0 to below 10^16 yuan can be written")
    yuan, rest = divmod(amount_fen, 100)
    jiao, fen = divmod(rest, 10)
    if not amount_fen:
        return "人民币零元整"
    text = _integer(yuan) + "元" if yuan else ""
    if not rest:
        return f"人民币{text}整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    return "人民币" + text + (DIGITS[fen] + "分" if fen else "整")


def uppercase_yuan(amount: Decimal | str) -> str:
    """The same for an amount in yuan. Raises `amount.not_a_number`, `amount.too_precise` for a third decimal."""
    try:
        yuan = Decimal(amount)
    except (InvalidOperation, TypeError, ValueError):
        raise AmountError("not_a_number", "the amount must be a decimal number of yuan") from None
    if not yuan.is_finite():
        raise AmountError("not_a_number", "the amount must be a decimal number of yuan")
    if abs(yuan) > MAX_FEN:
        raise AmountError("out_of_range", "only amounts from 0 to below 10^16 yuan can be written")
    numerator, denominator = yuan.as_integer_ratio()
    if 100 % denominator:
        raise AmountError("too_precise", "an amount of money has at most two decimals")
    return uppercase(numerator * 100 // denominator)


def _integer(number: int) -> str:
    """Whole yuan: sections of four digits under 万 and 亿; one 零 for any run of zeros that something follows."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if low and low < unit // 10 else ""
            return _integer(high) + name + gap + (_integer(low) if low else "")
    return _section(number)


def _section(number: int) -> str:
    """Up to four digits."""
    text, gap = "", False
    for digit, place in zip(f"{number:04}", PLACES, strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[int(digit)] + place
        gap = False
    return text

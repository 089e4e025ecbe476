"""Ids, sealed values, cursors, states, money and the masking of logs."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.kernel import clock, crypto, ids, pagination
from app.kernel.money import format_yuan
from app.kernel.outbox import OutboxEvent
from app.kernel.states import NotAllowedNow, StateChange, transition
from config.logging import mask


def test_ids_are_ordered_by_time_and_of_version_7():
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        earlier = ids.new_id()
    with clock.at(datetime(2026, 1, 2, tzinfo=UTC)):
        later = ids.new_id()
    assert earlier < later
    assert earlier.version == 7
    assert ids.outside_number("DK", earlier) == ids.outside_number("DK", earlier)
    assert len(ids.outside_number("DKT", later)) == 29


def test_ids_made_within_one_millisecond_keep_their_order():
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        made = [ids.new_id() for _ in range(500)]
    assert made == sorted(made)
    assert len({one.int & (1 << 62) - 1 for one in made}) == 500


def test_a_sealed_value_opens_only_in_its_place():
    sealed = crypto.seal(b"13800138000", "customers.phone")
    assert crypto.unseal(sealed, "customers.phone") == b"13800138000"
    assert "13800138000" not in sealed
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(sealed, "customers.name")
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(sealed[:-4] + "AAA=", "customers.phone")
    with pytest.raises(crypto.SealBroken):
        crypto.unseal("k9." + sealed.split(".")[1], "customers.phone")


def page(session, binding, cursor=None, limit=2):
    request = pagination.PageRequest(limit, cursor, binding)
    return pagination.paginate(session, select(OutboxEvent), OutboxEvent.id, request)


def test_pages_are_whole_and_cursors_belong_to_their_list(session):
    made = [ids.new_id() for _ in range(5)]
    session.add_all(
        OutboxEvent(id=one, name="x", subject_id=one, payload={}, occurred_at=clock.now()) for one in made
    )
    session.flush()
    seen, cursor = [], None
    while True:
        found = page(session, "mine", cursor)
        seen += [row.id for row in found.items]
        cursor = found.next_cursor
        if cursor is None:
            break
        with pytest.raises(pagination.CursorMalformed):
            page(session, "somebody else's", cursor)
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "'; DROP TABLE loans"])
def test_a_forged_cursor_is_refused(session, cursor):
    with pytest.raises(pagination.CursorMalformed):
        page(session, "mine", cursor)


class Thing:
    __tablename__ = "things"

    def __init__(self):
        self.id = ids.new_id()
        self.status = "open"


def test_states_move_along_their_table_and_keep_the_history(session):
    thing = Thing()
    transition(session, thing, {("open", "closes"): "closed"}, "closes", actor="staff:1")
    session.flush()
    [row] = session.scalars(select(StateChange).where(StateChange.subject_id == thing.id))
    assert (row.from_status, row.to_status, row.event, row.actor) == ("open", "closed", "closes", "staff:1")
    with pytest.raises(NotAllowedNow):
        transition(session, thing, {("open", "closes"): "closed"}, "closes")


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0.00"), (5, "0.05"), (1299900, "12,999.00"), (-100, "\u22121.00"), (10**12, "10,000,000,000.00")],
)
def test_money_as_people_write_it(fen, shown):
    assert format_yuan(fen) == shown


@pytest.mark.parametrize(
    "secret",
    [
        "13800138000",
        "+8613800138000",
        "11010119900307123X",
        "6222020000000000000",
        "oABCDEFGHIJKLMNOPQRSTUVWXYZa",
        "ect_abcdefghijklmnop",
        "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
    ],
)
def test_personal_data_and_keys_are_masked_in_logs(secret):
    masked = mask({"text": f"before {secret} after", "deep": [{"x": secret}]})
    assert secret not in str(masked)
    assert "before" in str(masked)
    assert mask("张三", "name") == "[masked]"


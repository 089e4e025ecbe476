"""The box over HTTP: from a file to a confirmed reading, refusals that leave nothing, and other people's boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel import crypto
from config import settings as configuration
from config.settings import BoxLimits, Settings, SettingsError
from tests.edge.test_limits import environment
from tests.factories import customers, documents
from tests.factories.customers import SignedInCustomer


@pytest.fixture
def owner(session: Session) -> SignedInCustomer:
    return signed_in(session)


def signed_in(session: Session) -> SignedInCustomer:
    """Somebody with a business of their own."""
    person = customers.make_customer(session)
    business = customers.make_enterprise(session, legal_rep=person)
    return replace(customers.sign_in(session, person), enterprise_id=business.id)


def statement(count: int = 5, holder: str | None = None) -> bytes:
    rows = documents.plain_pair(*documents.flows_of(2, count))
    return documents.as_csv([["户名", holder], *rows] if holder else rows)


def upload(client: FlaskClient, who: SignedInCustomer, raw: bytes, **headers: str):
    path = f"/customer/v1/enterprises/{who.enterprise_id}/documents"
    return client.post(path, data=raw, headers=who.writing() | headers)


def test_from_a_file_to_a_confirmed_reading(client, session, owner):
    raw = statement(holder="测试林记百货商行")
    made = upload(client, owner, raw)
    assert (made.status_code, made.json["status"], made.json["kind"]) == (201, "to_confirm", "bank_statement")
    path = f"/customer/v1/documents/{made.json['id']}"
    said = client.get(path, headers=owner.headers).json["statement"]
    assert said["opening_fen"] + said["in_fen"] - said["out_fen"] == said["closing_fen"]
    assert said["closing_stated"] is False
    assert said["flow_count"] == len(said["flows"]) == 5
    original = client.get(f"{path}/original", headers=owner.headers)
    assert original.data == raw and original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["Content-Type"] == "application/octet-stream"
    assert client.post(f"{path}/confirmation", headers=owner.writing()).json["status"] == "confirmed"
    assert client.post(f"{path}/confirmation", headers=owner.writing()).status_code == 409
    log = client.get(f"{path}/accesses", headers=owner.headers).json["items"]
    assert [line["action"] for line in log] == ["confirmed", "downloaded", "viewed", "uploaded"]
    assert all(line["by_you"] for line in log)
    first = client.get(f"{path}/accesses?limit=3", headers=owner.headers).json
    rest = client.get(f"{path}/accesses?limit=3&cursor={first['next_cursor']}", headers=owner.headers).json
    assert first["items"] + rest["items"] == log and rest["next_cursor"] is None


def test_what_is_taken_back_is_erased(client, session, owner):
    made = upload(client, owner, statement())
    path = f"/customer/v1/documents/{made.json['id']}"
    assert client.post(f"{path}/withdrawal", headers=owner.writing()).json["status"] == "withdrawn"
    gone = client.get(f"{path}/original", headers=owner.headers)
    assert (gone.status_code, gone.json["code"]) == (409, "document.content_erased")
    assert client.get(path, headers=owner.headers).json["statement"] is None
    kept = session.execute(text("SELECT sealed_content, sealed_reading FROM documents")).all()
    assert kept == [(None, None)]
    assert upload(client, owner, statement()).json["id"] != made.json["id"]


def test_a_refused_file_says_why_and_leaves_nothing(client, session, owner):
    made = upload(client, owner, b"%PDF-1.7")
    assert (made.json["status"], made.json["refusal"]) == ("rejected", "type_unknown")
    assert session.execute(text("SELECT sealed_content FROM documents")).scalar_one() is None
    spoilt = upload(client, owner, statement().replace(b".", b",", 1))
    assert spoilt.json["status"] == "rejected"


def test_the_same_bytes_are_the_same_document(client, owner):
    first, second = (upload(client, owner, statement()) for _ in range(2))
    assert first.json["id"] == second.json["id"]
    listed = client.get(f"/customer/v1/enterprises/{owner.enterprise_id}/documents", headers=owner.headers)
    assert [one["id"] for one in listed.json["items"]] == [first.json["id"]]


def test_a_repeat_with_its_key_gets_the_same_answer(client, owner):
    key = {"Idempotency-Key": uuid4().hex}
    assert upload(client, owner, statement(), **key).data == upload(client, owner, statement(), **key).data
    assert upload(client, owner, statement(6), **key).json["code"] == "idempotency.key_reused"


def test_papers_of_another_business_are_refused(client, session, owner):
    assert upload(client, owner, statement(holder="别家商行")).json["refusal"] == "other_business"
    strangers = documents.invoice_xml(customers.invented_uscc(), customers.invented_uscc())
    assert upload(client, owner, strangers).json["refusal"] == "other_business"


def test_an_invoice_is_checked_to_the_fen(client, session, owner):
    query = text("SELECT uscc FROM enterprises WHERE id = :id")
    own = session.execute(query, {"id": owner.enterprise_id}).scalar_one()
    buyer = customers.invented_uscc()
    made = upload(client, owner, documents.invoice_xml(own, buyer))
    said = client.get(f"/customer/v1/documents/{made.json['id']}", headers=owner.headers).json["invoice"]
    assert (said["net_fen"], said["tax_fen"], said["gross_fen"], said["line_count"]) == (10000, 600, 10600, 2)
    wrong = upload(client, owner, documents.invoice_xml(own, buyer, gross="106.01"))
    assert wrong.json["refusal"] == "invoice_sums_differ"
    code = upload(client, owner, documents.invoice_xml(own, "91350100M000100Y4Z"))
    assert (code.json["refusal"], code.json["refusal_place"]) == ("invoice_code_wrong", "BuyerIdNum")


def test_another_business_finds_nothing(client, session, owner):
    made, other = upload(client, owner, statement()), signed_in(session)
    for path in ("", "/original", "/accesses"):
        answer = client.get(f"/customer/v1/documents/{made.json['id']}{path}", headers=other.headers)
        assert (answer.status_code, answer.json["code"]) == (404, "document.not_found")
    box = f"/customer/v1/enterprises/{owner.enterprise_id}/documents"
    assert client.get(box, headers=other.headers).status_code == 404
    assert client.post(box, data=statement(), headers=other.writing()).status_code == 404


def test_too_much_and_nothing(client, session, owner):
    assert upload(client, owner, b"").json["code"] == "document.empty"
    assert upload(client, owner, b"a" * ((1 << 20) + 1)).status_code == 413
    assert upload(client, owner, b"x", **{"Content-Encoding": "gzip"}).status_code == 415


@pytest.fixture
def allow(app: Flask) -> Iterator[Callable[..., None]]:
    """Another bank's limits."""
    usual = app.config["DUKOU"]
    yield lambda **limits: configuration.use(replace(usual, box_limits=BoxLimits(**limits)))
    configuration.use(usual)


def test_a_full_box_and_a_full_day(client, owner, allow):
    allow(documents=1, uploads_a_day=2)
    first = upload(client, owner, statement())
    assert (first.status_code, upload(client, owner, statement(6)).json["code"]) == (201, "document.box_full")
    client.post(f"/customer/v1/documents/{first.json['id']}/withdrawal", headers=owner.writing())
    assert upload(client, owner, b"%PDF-1.7").json["status"] == "rejected"
    assert upload(client, owner, statement(7)).json["code"] == "document.too_many_uploads"


def test_the_bank_says_how_large_a_file_is(client, owner, allow):
    allow(file_bytes=1000)
    assert upload(client, owner, b"a" * 1001).status_code == 413
    assert upload(client, owner, b"a" * 1000).status_code == 201


def test_limits_of_the_box_are_settings(tmp_path):
    asked = environment(tmp_path, DUKOU_BOX_DOCUMENTS="7", DUKOU_BOX_UPLOADS_A_DAY="3")
    assert Settings.from_env(asked).box_limits == BoxLimits(documents=7, uploads_a_day=3)
    for wrong in ("0", "-1", "x", str((1 << 20) + 1)):
        with pytest.raises(SettingsError, match="DUKOU_BOX_FILE_BYTES"):
            Settings.from_env(environment(tmp_path, DUKOU_BOX_FILE_BYTES=wrong))


def test_content_is_sealed_under_a_key_of_the_business(client, session, owner):
    upload(client, owner, statement())
    row = session.execute(text("SELECT id, enterprise_id, sealed_content FROM documents")).one()
    purpose = f"documents.content:{row.id}"
    assert crypto.unseal_for(str(row.enterprise_id), row.sealed_content, purpose) == statement()
    for owner_id, place in ((str(uuid4()), purpose), (str(row.enterprise_id), "documents.content:x")):
        with pytest.raises(crypto.SealBroken):
            crypto.unseal_for(owner_id, row.sealed_content, place)

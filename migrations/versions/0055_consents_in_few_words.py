"""Each consent text in few words: what for, who gets it, how long, what withdrawing does. The texts do not change."""

import tomllib
from pathlib import Path

from alembic import op
from sqlalchemy import text

revision, down_revision = "0055", "0054"
WORDS = Path(__file__).parents[1] / "texts" / "few_words_of_consents_1.toml"

COLUMNS = """
ALTER TABLE consent_texts
    ADD COLUMN purpose varchar(200) NOT NULL DEFAULT '', ADD COLUMN recipient varchar(200) NOT NULL DEFAULT '',
    ADD COLUMN period varchar(200) NOT NULL DEFAULT '', ADD COLUMN withdrawal varchar(300) NOT NULL DEFAULT '';
"""
FILL = """
UPDATE consent_texts SET purpose = :purpose, recipient = :recipient, period = :period, withdrawal = :withdrawal
WHERE kind = :kind AND locale = :locale
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    for row in tomllib.loads(WORDS.read_text(encoding="utf-8"))["words"]:
        op.get_bind().execute(text(FILL), row)

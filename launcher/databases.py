"""Two roles and the databases of a cluster: `dukou_owner` migrates, `dukou_app` works."""

from __future__ import annotations

import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from launcher.account import socket_folder
from launcher.postgres import Cluster

OWNER, APP = "dukou_owner", "dukou_app"


def role_password(cluster: Cluster, role: str) -> str:
    """Made once, kept in the cluster's private folder."""
    path = cluster.folder / f"{role}.password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


def url(cluster: Cluster, role: str, database: str) -> str:
    """The address for one of the two roles, over the cluster's socket."""
    folder: Path = socket_folder(cluster.folder)
    return f"postgresql://{role}:{role_password(cluster, role)}@/{database}?host={folder}"


def ensure_databases(cluster: Cluster, *names: str) -> None:
    """Create what is missing of the two roles and these databases; idempotent."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as db:
        for role in (OWNER, APP):
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                create = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
                db.execute(sql.SQL(create).format(sql.Identifier(role)))
            password = sql.Literal(role_password(cluster, role))
            db.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password))
        for name in names:
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                create = "CREATE DATABASE {} OWNER {}"
                db.execute(sql.SQL(create).format(sql.Identifier(name), sql.Identifier(OWNER)))
                close_to_public(db, name)


def close_to_public(db: psycopg.Connection, name: str) -> None:
    """Only our two roles may connect to this database. A copy of a template does not inherit it: say it again."""
    database, app = sql.Identifier(name), sql.Identifier(APP)
    db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    db.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))

"""Call the Dukou partner API with signed requests, and verify the webhooks it sends."""

from dukou_partner.client import Client
from dukou_partner.errors import DukouError, NoAnswer
from dukou_partner.settings import SettingMissing, client_from_env
from dukou_partner.signing import Ed25519Signer, HmacSigner, Signer, new_key_pair
from dukou_partner.webhooks import Delivery, WebhookRefused, verify

__all__ = [
    "Client",
    "Delivery",
    "DukouError",
    "Ed25519Signer",
    "HmacSigner",
    "NoAnswer",
    "SettingMissing",
    "Signer",
    "WebhookRefused",
    "client_from_env",
    "new_key_pair",
    "verify",
]

"""The rules of webhooks: what partners are told, when a delivery is tried again, how it is signed."""

"""The console: pages for the bank's staff, who sign in with password and TOTP and see personal data masked."""

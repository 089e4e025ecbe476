"""Partners' developers: sign up in a test deployment, keep keys, origins, webhooks and their team."""

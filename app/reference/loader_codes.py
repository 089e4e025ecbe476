"""What the partners' script says in `loan:error` when no server of ours has answered: code, kind, meaning."""

LOADER_CODES: tuple[tuple[str, int, str], ...] = (
    (
        "config_unavailable",
        503,
        "The public terms did not come. The element keeps the text inside it; look at connect-src.",
    ),
    ("script_unavailable", 503, "The script's second part did not come. The element keeps the text inside it."),
    ("token_unavailable", 502, "`fetchClientToken` is missing, failed, or was asked more than six times in a minute."),
    (
        "frame_timeout",
        504,
        "The bank's window did not come within eight seconds, twice. Trying again does nothing twice.",
    ),
    (
        "frame_blocked",
        403,
        "The window came and did not answer: the origin is not registered, or frame-src forbids it.",
    ),
    ("form_blocked", 403, "The page's form-action forbids the way to the bank's full page."),
    ("network", 503, "The window got no answer from the bank. Trying again does nothing twice."),
)

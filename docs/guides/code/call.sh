set -a; . ./dukou.env; set +a
.venv/bin/dukou whoami

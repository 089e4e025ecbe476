set -a; . ./dukou.env; set +a
.venv/bin/dukou trigger order.financed

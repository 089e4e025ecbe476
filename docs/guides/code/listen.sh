set -a; . ./dukou.env; set +a
.venv/bin/dukou listen --forward http://localhost:5000/webhooks

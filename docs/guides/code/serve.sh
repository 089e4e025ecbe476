set -a; . ./dukou.env; set +a
.venv/bin/python shop.py

python3 -m venv .venv
.venv/bin/pip install BANK/docs/files/WHEEL flask
echo "DUKOU_WEBHOOK_SECRET=$(.venv/bin/dukou new-secret)" >> dukou.env

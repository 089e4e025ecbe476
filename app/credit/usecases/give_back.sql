-- What was reserved or used on a line is free again, in one statement: the line, the customer's counter (nobody else's
-- draws wait for it), the move. The counters of partner, merchant, product and region are shared by many: they get a row each
-- instead, which `count_returns` takes into them later. Until then they show too much, never too little.
WITH line AS (
    UPDATE credit_lines SET reserved_fen = reserved_fen - :reserved_fen, used_fen = used_fen - :used_fen
    WHERE id = :line_id AND reserved_fen >= :reserved_fen AND used_fen >= :used_fen
    RETURNING id, enterprise_id, product_code, region_code,
        (SELECT partner_id FROM applications WHERE applications.id = :application_id) AS partner_id,
        (SELECT merchant_id FROM applications WHERE applications.id = :application_id) AS merchant_id
), customer AS (
    UPDATE exposure_counters c SET held_fen = c.held_fen - :reserved_fen - :used_fen
    FROM line WHERE c.kind = 'customer' AND c.key = line.enterprise_id::text
    RETURNING c.id
), move AS (
    INSERT INTO credit_line_moves
        (id, credit_line_id, kind, limit_fen, reserved_fen, used_fen, partner_id, merchant_id, moved_at)
    SELECT :move_id, id, :kind, 0, -:reserved_fen, -:used_fen, partner_id, merchant_id, :now FROM line
), returned AS (
    INSERT INTO exposure_returns (id, kind, key, amount_fen)
    SELECT gen_random_uuid(), shared.kind, shared.key, :reserved_fen + :used_fen
    FROM line CROSS JOIN LATERAL (VALUES
        ('partner', partner_id::text), ('merchant', merchant_id::text), ('product', product_code), ('region', region_code)
    ) AS shared (kind, key)
    WHERE shared.key IS NOT NULL
)
SELECT line.id FROM line CROSS JOIN customer
